package dev.tasko.safety;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.sim.SimHal;

/// A process to be terminated: tells its records and its ticks, and at its end what its outputs
/// are.
public final class TerminatedController {
  private static final double TICK_HZ = 5000;
  private static final double SPIN_SECONDS = 0.02;

  private TerminatedController() {}

  /// Runs until the process ends.
  ///
  /// @param arguments the card's image, the seed, and whether to `run` or to `spin` after a while
  public static void main(String[] arguments) {
    long seed = Long.parseLong(arguments[1]);
    HalConfig hardware =
        HalConfig.realTime()
            .withSeed(seed)
            .withOption("sd.image", arguments[0])
            .withOption("sd.bytes", "524288");
    SafeStopConfig config =
        new SafeStopConfig()
            .unwindWithin(Injection.UNWIND_WITHIN)
            .stalledAfter(Injection.STALLED_AFTER)
            .onStall(stall -> tell("told " + stall.getMessage()));
    try (SimHal hal = SimHal.open(hardware);
        Loop loop = new Loop(new LoopConfig().taskCapacity(64));
        SafeStop safe = new SafeStop(loop, config)) {
      Controller controller =
          new Controller(loop, hal, seed, () -> {}, record -> tell("logged " + record));
      controller.register(safe);
      safe.outputOnLoop("report", () -> tell("unwound " + outcome(controller::requireUnwound)));
      safe.output("last", () -> tell("outputs " + outcome(controller::requireSafe)));
      controller.start();
      loop.scheduleCallback(TICK_HZ, () -> tell("tick"));
      if (arguments[2].equals("spin")) {
        loop.runLater(SPIN_SECONDS, () -> loop.addTask("spinner", TerminatedController::spin));
      }
      safe.run();
    }
  }

  private static void spin() {
    tell("spinning");
    while (true) {
      Thread.onSpinWait();
    }
  }

  private static String outcome(Runnable requirement) {
    try {
      requirement.run();
      return "safe";
    } catch (AssertionError unsafe) {
      return String.valueOf(unsafe.getMessage());
    }
  }

  private static void tell(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
