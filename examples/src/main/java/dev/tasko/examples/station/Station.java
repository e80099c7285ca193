package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.ScheduledTask;
import dev.tasko.hal.Hal;
import dev.tasko.hal.ManagedSpi;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.wakeup.Interrupt;
import java.util.List;

/// The tasks of the station. Read [#start] first: it is tasko's seed program.
final class Station {
  private static final double SENSOR_HZ = 1;
  private static final double LOG_HZ = 0.1;
  private static final double BALL_HZ = 10;
  private static final double READING_DELAY_SECONDS = 1;
  private static final double DEBOUNCE_SECONDS = 0.02;
  private static final long SPARE_BLOCKS = 8;
  private static final double POLL_SECONDS = 0.01;
  private static final SpiConfig SENSOR_CONFIG = new SpiConfig(8_000_000, 0);
  private static final SpiConfig CARD_CONFIG = new SpiConfig(20_000_000, 0);
  private static final String[] BALL = {"(o    )", "( o   )", "(  o  )", "(   o )", "(    o)"};

  private final Loop loop;
  private final Hal hal;
  private final Console console;
  private final boolean talkative;
  private final long rowMs;
  private final long startNs;
  private final Bme280 sensor;
  private final SdCard card;
  private final SdLog log;
  private final Interrupt buttonEdge;
  private final Allocation allocation = new Allocation();
  private final Meter sensorMeter = new Meter();
  private final Meter logMeter = new Meter();
  private final Meter ballMeter = new Meter();
  private boolean readingSensor;
  private boolean logging;
  private int ballFrame;
  private long presses;
  private long reported;

  Station(Loop loop, Hal hal, ManagedSpi spi, Console console, Settings settings) {
    this.loop = loop;
    this.hal = hal;
    this.console = console;
    this.talkative = settings.talkative();
    this.rowMs = settings.rowMs();
    this.startNs = settings.startNs();
    sensor = new Bme280(spi.device(hal.pin("D4"), SENSOR_CONFIG));
    card = new SdCard(spi.device(hal.pin("D5"), CARD_CONFIG));
    log = new SdLog(card, settings.run());
    buttonEdge = loop.interrupt("button");
  }

  /// How one run differs from another.
  ///
  /// @param talkative whether every reading is told, or one an hour
  /// @param rowMs how long a row of the series lasts
  /// @param startNs when the series began
  /// @param run tells this log from an earlier one
  record Settings(boolean talkative, long rowMs, long startNs, int run) {}

  /// Sets everything up for a run of some seconds.
  void start(double seconds) {
    loop.addTask(
        "start",
        () -> {
          sensor.start();
          card.start();
          requireRoom(seconds);
          log.begin(rowMs);
          console.at(elapsedNs(), "start").text("sensor and card answer").print();
          ScheduledTask sensing = loop.schedule("sensor", SENSOR_HZ, this::senseOnSchedule);
          ScheduledTask logger = loop.scheduleLater("log", LOG_HZ, this::logToSdCard);
          ScheduledTask ball = loop.scheduleCallback("ball", BALL_HZ, this::animateBeachBall);
          sensorMeter.of(sensing);
          logMeter.of(logger);
          ballMeter.of(ball);
          loop.addTask("button", this::watchButton);
          loop.runLater(seconds / 2, () -> allocation.start(loop));
          loop.runLater(seconds, () -> finish(List.of(sensing, logger, ball)));
        });
  }

  /// One block for each ten readings or so, the first, the last and those of the button.
  private void requireRoom(double seconds) {
    long needed = (long) (seconds * LOG_HZ) + SPARE_BLOCKS;
    if (card.blocks() < needed) {
      throw new IllegalArgumentException(
          "image: a card of "
              + card.blocks()
              + " blocks (expected: at least "
              + needed
              + " for "
              + seconds
              + " seconds)");
    }
  }

  private void senseOnSchedule() {
    sensorMeter.begin(loop.nowNs());
    readSensor(Reading.PERIODIC);
  }

  private void readSensor(int origin) {
    while (readingSensor) {
      loop.sleep(POLL_SECONDS);
    }
    readingSensor = true;
    try {
      long beginNs = elapsedNs();
      sensor.measure();
      log.add(beginNs, elapsedNs(), sensor, origin);
      tellReading(origin);
    } finally {
      readingSensor = false;
    }
  }

  private void logToSdCard() {
    logMeter.begin(loop.nowNs());
    writeLog();
  }

  private void writeLog() {
    logging = true;
    try {
      while (!log.isEmpty()) {
        int readings = log.writeBlock();
        tellLogged(readings);
      }
    } finally {
      logging = false;
    }
  }

  private void animateBeachBall() {
    ballMeter.begin(loop.nowNs());
    if (readingSensor) {
      ballFrame = (ballFrame + 1) % BALL.length;
      if (talkative) {
        console.at(elapsedNs(), "ball").text(BALL[ballFrame]).printForNow();
      }
    }
  }

  /// Edges wake the task; it waits until the contact has settled, and then looks at the line.
  private void watchButton() {
    hal.edges("BUTTON").onEdge((rising, timestampNs, sequence) -> buttonEdge.fire());
    boolean wasPressed = false;
    while (true) {
      buttonEdge.await();
      loop.sleep(DEBOUNCE_SECONDS);
      buttonEdge.take();
      boolean pressed = !hal.edges("BUTTON").isHigh();
      if (pressed && !wasPressed) {
        presses++;
        console.at(elapsedNs(), "button").text("pressed: a reading in one second").print();
        loop.runLater(READING_DELAY_SECONDS, () -> readSensor(Reading.BUTTON));
      }
      wasPressed = pressed;
    }
  }

  /// Lets a reading and a block that are under way come to their end, logs the rest, stops.
  private void finish(List<ScheduledTask> scheduled) {
    allocation.stop(loop);
    for (ScheduledTask task : scheduled) {
      task.stop();
    }
    while (readingSensor || logging) {
      loop.sleep(POLL_SECONDS);
    }
    writeLog();
    log.end();
    console.at(elapsedNs(), "stop").number(log.readings()).text(" readings logged").print();
    loop.stop();
  }

  private void tellReading(int origin) {
    if (!isWorthTelling()) {
      return;
    }
    console
        .at(elapsedNs(), origin == Reading.BUTTON ? "sensor (b)" : "sensor")
        .hundredths(sensor.temperatureCentiC())
        .text(" C  ")
        .hundredths((sensor.pressurePaQ8() + 128) / 256)
        .text(" hPa")
        .print();
  }

  private void tellLogged(int readings) {
    if (talkative) {
      console
          .at(elapsedNs(), "log")
          .number(readings)
          .text(" readings to block ")
          .number(log.blocks())
          .print();
    }
  }

  /// Everything, or what is new in the series.
  private boolean isWorthTelling() {
    long row = elapsedNs() / (rowMs * 1_000_000);
    boolean fresh = row >= reported;
    reported = fresh ? row + 1 : reported;
    return talkative || fresh;
  }

  private long elapsedNs() {
    return loop.nowNs() - startNs;
  }

  List<Meter> meters() {
    return List.of(sensorMeter, logMeter, ballMeter);
  }

  Allocation allocation() {
    return allocation;
  }

  SdLog log() {
    return log;
  }

  long presses() {
    return presses;
  }
}
