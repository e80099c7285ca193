package dev.tasko.examples.snippets;

import static dev.tasko.Tasko.run;
import static dev.tasko.Tasko.runLater;
import static dev.tasko.Tasko.schedule;
import static dev.tasko.Tasko.sleep;

import dev.tasko.Tasko;

/// "Some toy example code": the ball turns while the sensor is being read.
public final class BeachBall {
  // Some state. Global state is not super cool but whatevs.
  private static boolean readingSensor;
  private static int frames;

  private BeachBall() {}

  // The top-level workflows (you would have to write this stuff no matter what).
  static void readSensor() {
    readingSensor = true;
    try {
      System.out.println("sensor asked");
      sleep(1); // The loading beach ball goes on while the sensor is sensing.
      System.out.println("sensor answered");
    } finally {
      readingSensor = false;
    }
  }

  static void animateBeachBall() {
    if (readingSensor) {
      frames++;
    }
  }

  static void rotaryLoop() {}

  /// Runs it for one and a half seconds.
  ///
  /// @param arguments none
  public static void main(String[] arguments) {
    schedule(0.1, BeachBall::readSensor);
    schedule(10, BeachBall::animateBeachBall);
    schedule(100, BeachBall::rotaryLoop);
    runLater(1.5, Tasko::stop);

    // And let tasko do while true.
    run();
    System.out.println(frames + " frames");
  }
}
