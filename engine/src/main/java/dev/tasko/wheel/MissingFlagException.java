package dev.tasko.wheel;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/// The JVM was started without a flag that nothing can replace. The message is the remedy; there is
/// no stack trace, as the place does not matter (under the source launcher, which cuts its own
/// frames off and fails if there are none, there is that of the caller).
public final class MissingFlagException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  private static final String PACKAGE = "jdk.internal.misc";
  private static final String SOURCE_LAUNCHER = "com.sun.tools.javac.launcher.";

  private MissingFlagException(String message) {
    super(message);
    StackTraceElement[] frames = new Throwable().getStackTrace();
    if (frames[frames.length - 1].getClassName().startsWith(SOURCE_LAUNCHER)) {
      setStackTrace(
          Arrays.stream(frames)
              .dropWhile(frame -> frame.getClassName().startsWith("dev.tasko."))
              .toArray(StackTraceElement[]::new));
    }
  }

  /// Checks that Agrona's buffers can work. Without this the first buffer would end in an
  /// `IllegalAccessError` that names neither cause nor remedy.
  static void requireBuffers() {
    if (!Object.class.getModule().isExported(PACKAGE, UnsafeBuffer.class.getModule())) {
      throw new MissingFlagException(
          PACKAGE
              + " is not exported to Agrona's buffers; start java with --add-exports java.base/"
              + PACKAGE
              + "=ALL-UNNAMED");
    }
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
