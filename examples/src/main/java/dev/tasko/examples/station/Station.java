package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.ScheduledTask;
import dev.tasko.hal.EdgeInput;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.task.Body;
import dev.tasko.wakeup.Interrupt;
import java.util.ArrayList;
import java.util.List;

/// The tasks of the station. Read [#start] first: it is tasko's seed program, and the [Show] around
/// it.
final class Station {
  private static final double SENSOR_HZ = 1;
  private static final double LOG_HZ = 0.1;
  private static final double BALL_HZ = 10;
  private static final double READING_DELAY_SECONDS = 1;
  private static final double DEBOUNCE_SECONDS = 0.02;
  private static final long SPARE_BLOCKS = 8;
  private static final double POLL_SECONDS = 0.01;
  private static final String[] BALL = {"(o    )", "( o   )", "(  o  )", "(   o )", "(    o)"};
  private static final SpiConfig SENSOR_CONFIG = new SpiConfig(8_000_000, 0);
  private static final SpiConfig CARD_CONFIG = new SpiConfig(20_000_000, 0);

  private final Loop loop;
  private final Board board;
  private final Console console;
  private final Settings settings;
  private final EdgeInput button;
  private final Bme280 sensor;
  private final SdCard card;
  private final SdLog log;
  private final Interrupt buttonEdge;
  private final Allocation allocation = new Allocation();
  private final List<ScheduledTask> tasks = new ArrayList<>();
  private final Show show;
  private boolean readingSensor;
  private boolean logging;
  private boolean finishing;
  private int ballFrame;
  private long presses;
  private long reported;

  Station(Loop loop, Board board, Console console, Settings settings) {
    this.loop = loop;
    this.board = board;
    this.console = console;
    this.settings = settings;
    sensor = new Bme280(board.spi().device(board.hal().pin("D4"), SENSOR_CONFIG));
    card = new SdCard(board.spi().device(board.hal().pin("D5"), CARD_CONFIG));
    log = new SdLog(loop, card, settings.run());
    button = board.hal().edges("BUTTON");
    buttonEdge = loop.interrupt("button");
    show = new Show(loop, board, console, log, settings);
  }

  /// Sets everything up for the run.
  ///
  /// @param whenReady called when that is done
  void start(Runnable whenReady) {
    double seconds = settings.seconds();
    loop.addTask(
        "start",
        () -> {
          sensor.start();
          card.start();
          requireRoom(seconds);
          log.begin(settings.rowMs());
          console.at(elapsedNs(), "start").text("sensor and card answer").print();
          add("sensor", SENSOR_HZ, () -> readSensor(Reading.PERIODIC));
          tasks.add(loop.scheduleLater("log", LOG_HZ, this::writeLog));
          tasks.add(loop.scheduleCallback("ball", BALL_HZ, this::animateBeachBall));
          loop.addTask("button", this::watchButton);
          loop.runLater("half-time", seconds / 2, () -> allocation.start(loop));
          loop.runLater("finish", seconds, this::finish);
          show.start();
          whenReady.run();
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
    if (readingSensor) {
      ballFrame = (ballFrame + 1) % BALL.length;
      if (settings.talkative()) {
        console.at(elapsedNs(), "ball").text(ball()).printForNow();
      }
    }
  }

  /// Adds a task to the table, and to those that end with the run.
  void add(String name, double rateHz, Body body) {
    tasks.add(loop.schedule(name, rateHz, body));
  }

  /// As a finger would.
  void pressButton() {
    board.pressButton(loop.nowNs());
  }

  /// Edges wake the task; it waits until the contact has settled, and then looks at the line.
  private void watchButton() {
    button.onEdge((rising, timestampNs, sequence) -> buttonEdge.fire());
    boolean wasPressed = false;
    while (true) {
      buttonEdge.await();
      loop.sleep(DEBOUNCE_SECONDS);
      buttonEdge.take();
      boolean pressed = !button.isHigh();
      if (pressed && !wasPressed) {
        presses++;
        console.at(elapsedNs(), "button").text("pressed: a reading in one second").print();
        loop.runLater("reading", READING_DELAY_SECONDS, () -> readSensor(Reading.BUTTON));
      }
      wasPressed = pressed;
    }
  }

  /// The one way in which a run ends, when its time is over or a key says so: the motor off, what
  /// is under way brought to its end, what is left logged. Suspends.
  void finish() {
    if (finishing) {
      return;
    }
    finishing = true;
    allocation.stop(loop);
    show.stop();
    for (ScheduledTask task : tasks) {
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
    if (settings.talkative()) {
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
    long row = elapsedNs() / (settings.rowMs() * 1_000_000);
    boolean fresh = row >= reported;
    reported = fresh ? row + 1 : reported;
    return settings.talkative() || fresh;
  }

  private long elapsedNs() {
    return loop.nowNs() - settings.startNs();
  }

  /// All that run or ran at a rate, those of the show first.
  List<ScheduledTask> tasks() {
    List<ScheduledTask> all = new ArrayList<>(show.tasks());
    all.addAll(tasks);
    return all;
  }

  Show show() {
    return show;
  }

  Bme280 sensor() {
    return sensor;
  }

  String ball() {
    return BALL[ballFrame];
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
