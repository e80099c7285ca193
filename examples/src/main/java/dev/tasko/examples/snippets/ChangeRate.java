package dev.tasko.examples.snippets;

import static dev.tasko.Tasko.run;
import static dev.tasko.Tasko.runLater;
import static dev.tasko.Tasko.schedule;

import dev.tasko.ScheduledTask;
import dev.tasko.Tasko;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// "You can update the frequency of the task based on whatever you want."
public final class ChangeRate {
  private static @Nullable ScheduledTask sdLog;
  private static int bytesToWrite = 512;

  private ChangeRate() {}

  static void logToSdCard() {
    int bytesWritten = bytesToWrite;
    bytesToWrite = bytesToWrite / 2;
    System.out.println("wrote " + bytesWritten + " bytes");
    if (bytesWritten == 0) {
      Objects.requireNonNull(sdLog).changeRate(1);
      runLater(0.5, Tasko::stop);
    } else {
      Objects.requireNonNull(sdLog).changeRate(100);
    }
  }

  /// Runs it: fast while there is something to write, slow after that, and to the end before the
  /// slow one comes.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    sdLog = schedule(10, ChangeRate::logToSdCard);
    run();
    System.out.println(sdLog.activations() + " activations");
  }
}
