package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.examples.station.view.LiveTerminal;
import dev.tasko.examples.station.view.Snapshot;
import dev.tasko.wakeup.LongMailbox;
import java.util.concurrent.Executors;

/// Shows a station on a terminal ten times a second, and does what keys ask for. The loop takes the
/// snapshots; another thread draws, so that a slow terminal holds up nobody but the view while the
/// loop runs. When that has ended, and the outputs are safe, a picture that is still being drawn is
/// waited for, a second at most, and what is logged then goes to the same terminal.
///
/// Thread: the loop's.
final class LiveView {
  private static final double VIEW_HZ = 10;

  private static final int KEYS = 16;

  private final Loop loop;
  private final LiveTerminal terminal;
  private final Station station;
  private final Snapshots snapshots;

  LiveView(Loop loop, LiveTerminal terminal, Station station, Snapshots snapshots) {
    this.loop = loop;
    this.terminal = terminal;
    this.station = station;
    this.snapshots = snapshots;
  }

  void start() {
    LongMailbox keys = loop.longMailbox("keys", KEYS);
    Keys actions = new Keys(station);
    loop.addTask(
        "keys",
        () -> {
          while (true) {
            actions.press(keys.take());
          }
        });
    station.add("view", VIEW_HZ, this::draw);
    warmUp();
    terminal.listen(key -> put(keys, key));
  }

  /// A key that finds the mailbox full is lost: somebody leans on the keyboard. The next may not
  /// be.
  ///
  /// @return whether there may be a next
  static boolean put(LongMailbox keys, long key) {
    keys.offer(key);
    return !keys.isClosed();
  }

  /// The first picture takes milliseconds, so it comes before the servo does.
  private void warmUp() {
    terminal.show(snapshots.take());
  }

  private void draw() throws Exception {
    Snapshot snapshot = snapshots.take();
    loop.offload(Executors.callable(() -> terminal.show(snapshot)));
  }
}
