package dev.tasko;

import dev.tasko.task.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What the engine logs.
public final class LogCollector extends Handler {
  private final Consumer<String> listener;

  private LogCollector(Consumer<String> listener) {
    this.listener = listener;
  }

  /// Collects while something runs.
  static List<String> during(Body work) throws Exception {
    List<String> said = new ArrayList<>();
    listen(said::add, work);
    return said;
  }

  /// Tells somebody at once of what is said while something runs.
  ///
  /// @param listener called by the thread that logs
  /// @param work runs once
  /// @throws Exception what the work threw
  public static void listen(Consumer<String> listener, Body work) throws Exception {
    LogCollector collector = new LogCollector(listener);
    Logger logger = Logger.getLogger("dev.tasko");
    logger.addHandler(collector);
    try {
      work.run();
    } finally {
      logger.removeHandler(collector);
    }
  }

  @Override
  public void publish(LogRecord record) {
    Object[] parameters = record.getParameters();
    listener.accept(record.getMessage() + (parameters == null ? "" : " " + List.of(parameters)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
