package dev.tasko;

import dev.tasko.task.Body;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// What the engine logs.
final class LogCollector extends Handler {
  private final List<String> said = new ArrayList<>();

  private LogCollector() {}

  /// Collects while something runs.
  static List<String> during(Body work) throws Exception {
    LogCollector collector = new LogCollector();
    Logger logger = Logger.getLogger("dev.tasko");
    logger.addHandler(collector);
    try {
      work.run();
    } finally {
      logger.removeHandler(collector);
    }
    return collector.said;
  }

  @Override
  public void publish(LogRecord record) {
    Object[] parameters = record.getParameters();
    said.add(record.getMessage() + (parameters == null ? "" : " " + List.of(parameters)));
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
