package dev.tasko;

import dev.tasko.task.Body;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// tasko's names, for one default loop: `import static dev.tasko.Tasko.*` and write
///
/// ```java
/// schedule(10, () -> led.toggle());
/// run();
/// ```
///
/// The loop is made at first use with the defaults of [LoopConfig] and bound to the thread that
/// runs it. A program with settings of its own makes its own [Loop]; this class only passes on.
public final class Tasko {
  /// Not made by a static initializer: that would bury the message of a missing flag.
  private static final AtomicReference<@Nullable Loop> DEFAULT = new AtomicReference<>();

  private Tasko() {}

  /// The default loop.
  ///
  /// @return always the same
  public static Loop loop() {
    Loop loop = DEFAULT.get();
    if (loop == null) {
      Loop made = new Loop(new LoopConfig());
      Loop earlier = DEFAULT.compareAndExchange(null, made);
      loop = earlier == null ? made : earlier;
    }
    return loop;
  }

  /// [Loop#addTask(Body)] of the default loop.
  ///
  /// @param body runs once
  /// @return the task
  public static Task addTask(Body body) {
    return loop().addTask(body);
  }

  /// [Loop#schedule(double, Body)] of the default loop.
  ///
  /// @param rateHz activations in a second
  /// @param body runs at each
  /// @return the task
  public static ScheduledTask schedule(double rateHz, Body body) {
    return loop().schedule(rateHz, body);
  }

  /// [Loop#scheduleLater(double, Body)] of the default loop.
  ///
  /// @param rateHz activations in a second
  /// @param body runs at each
  /// @return the task
  public static ScheduledTask scheduleLater(double rateHz, Body body) {
    return loop().scheduleLater(rateHz, body);
  }

  /// [Loop#scheduleCallback(double, Runnable)] of the default loop.
  ///
  /// @param rateHz activations in a second
  /// @param callback runs at each, and must not suspend
  /// @return the task
  public static ScheduledTask scheduleCallback(double rateHz, Runnable callback) {
    return loop().scheduleCallback(rateHz, callback);
  }

  /// [Loop#schedule(Release, Body)] of the default loop.
  ///
  /// @param release when, and what is promised
  /// @param body runs at each
  /// @return the task
  public static ScheduledTask schedule(Release release, Body body) {
    return loop().schedule(release, body);
  }

  /// [Loop#scheduleCallback(Release, Runnable)] of the default loop.
  ///
  /// @param release when, and what is promised
  /// @param callback runs at each, and must not suspend
  /// @return the task
  public static ScheduledTask scheduleCallback(Release release, Runnable callback) {
    return loop().scheduleCallback(release, callback);
  }

  /// [Loop#runLater(double, Body)] of the default loop.
  ///
  /// @param delaySeconds from this call
  /// @param body runs once
  /// @return the task
  public static Task runLater(double delaySeconds, Body body) {
    return loop().runLater(delaySeconds, body);
  }

  /// [Loop#sleep(double)] of the default loop.
  ///
  /// @param seconds from now
  public static void sleep(double seconds) {
    loop().sleep(seconds);
  }

  /// [Loop#yieldNow] of the default loop.
  public static void yieldNow() {
    loop().yieldNow();
  }

  /// [Loop#suspend] of the default loop.
  ///
  /// @return to be awaited by the running task
  public static Suspension suspend() {
    return loop().suspend();
  }

  /// [Loop#run] of the default loop.
  public static void run() {
    loop().run();
  }

  /// [Loop#stop] of the default loop.
  public static void stop() {
    loop().stop();
  }
}
