package dev.tasko.examples.station;

/// What the keys do. Those without a meaning do nothing.
///
/// Thread: a task of the loop.
final class Keys {
  private static final int CTRL_C = 3;

  private final Station station;

  Keys(Station station) {
    this.station = station;
  }

  /// A key was pressed. Suspends where the run is to end.
  void press(long key) {
    if (key == 'b') {
      station.pressButton();
    } else if (key == 'x') {
      station.show().spin();
    } else if (key == 'q' || key == CTRL_C) {
      station.finish();
    }
  }
}
