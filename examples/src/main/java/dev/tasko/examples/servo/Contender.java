package dev.tasko.examples.servo;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Something that can call a function at a rate.
interface Contender {
  /// For tables.
  String name();

  /// Runs one round.
  ///
  /// @return lateness in ns of each activation that began
  /// @throws Exception if the round failed
  Histogram run(Conditions conditions) throws Exception;

  /// How much longer than its time a round may take, however busy the machine is.
  long PATIENCE_SECONDS = 30;

  /// Runs a round on a new thread, and does not wait for ever.
  static Histogram onOwnThread(String name, Conditions conditions, Callable<Histogram> round)
      throws Exception {
    FutureTask<Histogram> task = new FutureTask<>(round);
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task.get(conditions.seconds() + PATIENCE_SECONDS, TimeUnit.SECONDS);
  }
}
