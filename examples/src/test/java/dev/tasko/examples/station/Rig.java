package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.ScheduledTask;
import dev.tasko.VirtualTime;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.hal.sim.SimMotor;

/// A station in virtual time, with a card in memory, for tests to look into.
final class Rig implements AutoCloseable {
  static final long ROW_MS = 3_600_000;

  private final VirtualTime time = new VirtualTime(0);
  final Loop loop =
      new Loop(new LoopConfig().virtualTime(time).rateStatistics(true).taskCapacity(1 << 14));
  final Events events = new Events();
  final Settings settings;
  final Station station;
  private final Board board;

  Rig(double seconds, int servoHz) {
    settings = new Settings(seconds, true, ROW_MS, 0, 1, servoHz);
    board = Board.virtual(loop, time, HalConfig.virtualTime(time, loop::sleepNs, loop::callAt, 1));
    station = new Station(loop, board, new Console(events), settings);
  }

  Rig run() {
    return run(() -> {});
  }

  Rig run(Runnable whenReady) {
    station.start(whenReady);
    loop.run();
    return this;
  }

  /// Presses a key some time after the start.
  void keyAt(double seconds, char key) {
    Keys keys = new Keys(station);
    loop.runLater(seconds, () -> keys.press(key));
  }

  Show show() {
    return station.show();
  }

  ScheduledTask task(String name) {
    return station.tasks().stream()
        .filter(task -> task.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  SimMotor motor() {
    return ((SimHal) board.hal()).motor();
  }

  @Override
  public void close() {
    loop.close();
    board.close();
  }
}
