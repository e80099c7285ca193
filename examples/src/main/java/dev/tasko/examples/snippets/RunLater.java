package dev.tasko.examples.snippets;

import static dev.tasko.Tasko.run;
import static dev.tasko.Tasko.runLater;
import static dev.tasko.Tasko.schedule;

import dev.tasko.Tasko;

/// "You can run something later."
public final class RunLater {
  private static boolean pendingSensor;
  private static int polls;

  private RunLater() {}

  static void readSensor() {
    pendingSensor = false;
    System.out.println("sensor read after " + polls + " polls");
    Tasko.stop();
  }

  static void readButton() {
    polls++;
    boolean wasPressed = polls == 20;
    if (wasPressed && !pendingSensor) {
      pendingSensor = true;
      System.out.println("button pressed");
      // Read the sensor a second later; the button is still checked at 100 Hz in the meantime.
      runLater(1, RunLater::readSensor);
    }
  }

  /// Runs it until the sensor was read.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    schedule(100, RunLater::readButton);
    run();
  }
}
