package dev.tasko.examples.station.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// All that the view shows, at one moment, as plain numbers: taking it has to be cheap, formatting
/// them does not.
///
/// @param elapsedNs since the start of the run
/// @param runNs how long the run is to last
/// @param act such as `act 1 of 3: keep time`
/// @param idleNs how long the loop has slept
/// @param shaft null while the servo rests
/// @param outside the air at the sensor on SPI
/// @param inside the air at the sensor on I2C
/// @param printer null if there is none
/// @param buses in the order to be shown
/// @param records on the card
/// @param pending readings that wait for it
/// @param presses of the button
/// @param ball a picture in ASCII
/// @param tasks in the order to be shown
/// @param blamed in the order to be shown
/// @param events the latest lines, the oldest first
public record Snapshot(
    long elapsedNs,
    long runNs,
    String act,
    long idleNs,
    @Nullable Shaft shaft,
    Air outside,
    Air inside,
    @Nullable Heat printer,
    List<Bus> buses,
    long records,
    long pending,
    long presses,
    String ball,
    List<TaskRow> tasks,
    List<Blamed> blamed,
    List<String> events) {

  /// The motor's shaft.
  ///
  /// @param targetRad where it is to be
  /// @param angleRad where it is
  /// @param greatestErrorRad in the present act
  /// @param boundRad what the error has to stay below
  /// @param swingRad the greatest target; the least is 0
  public record Shaft(
      double targetRad,
      double angleRad,
      double greatestErrorRad,
      double boundRad,
      double swingRad) {}

  /// One reading.
  ///
  /// @param centiC hundredths of a degree Celsius
  /// @param paQ8 256ths of a pascal
  /// @param humidityQ10 1024ths of a percent
  public record Air(int centiC, long paQ8, int humidityQ10) {}

  /// What the printer says.
  ///
  /// @param hotendCentiC hundredths of a degree Celsius
  /// @param bedCentiC hundredths of a degree Celsius
  /// @param trouble why it did not answer, or null
  public record Heat(int hotendCentiC, int bedCentiC, @Nullable String trouble) {}

  /// A bus.
  ///
  /// @param name of it
  /// @param owner the task that has it, or null
  /// @param shares of those who had it in the present act, the largest first
  public record Bus(String name, @Nullable String owner, List<Share> shares) {}

  /// How often a task had a bus when the servo looked.
  ///
  /// @param task its name
  /// @param part of all looks, 0 to 1
  public record Share(String task, double part) {}

  /// Who was in the servo's way.
  ///
  /// @param name of the task, or who else it was
  /// @param longestRunNs the longest run at a time
  /// @param late releases that came after their deadline
  /// @param leftOut releases that never came
  public record Blamed(String name, long longestRunNs, long late, long leftOut) {
    @Override
    public String toString() {
      String longest = longestRunNs == 0 ? "" : Numbers.fixed(longestRunNs / 1e6, 3) + " ms, ";
      return name + ": " + longest + late + " late, " + leftOut + " left out";
    }
  }
}
