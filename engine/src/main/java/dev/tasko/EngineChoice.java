package dev.tasko;

import dev.tasko.task.CoroutineEngine;

/// The engine of loops that do not name one: chosen once, and said once if it is not the better
/// one.
final class EngineChoice {
  static final CoroutineEngine ENGINE = choose();

  private EngineChoice() {}

  private static CoroutineEngine choose() {
    String obstacle = CoroutineEngine.obstacle();
    if (obstacle != null) {
      System.getLogger("dev.tasko")
          .log(
              System.Logger.Level.WARNING,
              "coroutines run on platform threads (BATON), microseconds to tens of microseconds a"
                  + " switch: {0}",
              obstacle);
    }
    return CoroutineEngine.best();
  }
}
