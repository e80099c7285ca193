package dev.tasko.examples.station;

/// The acts of the show, and what comes after them in a longer run.
enum Act {
  KEEP_TIME(0, "keep time", "the servo holds the motor's angle while everything else runs"),
  SHARE_THE_BUS(1, "share the bus", "sensor, log and a check of the log take turns"),
  BREAK_IT(2, "break it", "in the middle one task spins for 25 ms"),
  REST(3, "rest", "the motor is off, the station goes on");

  /// How many there are before the rest.
  static final int COUNT = 3;

  private final int index;
  private final String title;
  private final String story;

  Act(int index, String title, String story) {
    this.index = index;
    this.title = title;
    this.story = story;
  }

  /// Such as `act 1 of 3`.
  String place() {
    return this == REST ? "after the acts" : "act " + (index + 1) + " of " + COUNT;
  }

  /// How many came before it.
  int index() {
    return index;
  }

  String title() {
    return title;
  }

  String story() {
    return story;
  }
}
