package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.examples.station.view.LiveTerminal;
import dev.tasko.examples.station.view.Snapshot;
import dev.tasko.wakeup.LongMailbox;
import java.util.concurrent.Executors;

/// Shows a station on a terminal ten times a second, and does what keys ask for. The loop takes the
/// snapshots; another thread draws, so that a slow terminal holds up nobody but the view.
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
    terminal.listen(key -> {
      keys.offer(key); // or lose it: somebody leans on the keyboard
      return !keys.isClosed();
    });
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
