package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.MissedTicks;
import dev.tasko.Release;
import dev.tasko.ScheduledTask;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.RotaryEncoder;
import dev.tasko.wakeup.Interrupt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What goes on around the seed program, in three acts: a servo that keeps time, a second user of
/// the card who shares the bus, and a task that breaks it.
///
/// Thread: the loop's.
final class Show {
  /// The task that holds everybody up.
  static final String SPIN = "spin";

  static final long SPIN_NS = 25_000_000;

  private static final int SENSOR_ADDRESS = 0x76;
  private static final double INSIDE_HZ = 2;
  private static final double PRINTER_HZ = 5;
  private static final double AUDIT_HZ = 25;
  private static final long NS_PER_SECOND = 1_000_000_000;

  private final Loop loop;
  private final Board board;
  private final Console console;
  private final SdLog log;
  private final Acts acts;
  private final long startNs;
  private final boolean rests;
  private final int servoHz;
  private final List<BusWatch> buses;
  private final Blame blame = new Blame();
  private final Bme280 insideSensor;
  private final Interrupt spinAsked;
  private final List<ScheduledTask> tasks = new ArrayList<>();
  private final Servo servo;
  private final @Nullable Printer printer;
  private @Nullable ScheduledTask servoTask;
  private @Nullable ScheduledTask auditTask;
  private Act act = Act.KEEP_TIME;
  private long spins;

  Show(Loop loop, Board board, Console console, SdLog log, Settings settings) {
    this.loop = loop;
    this.board = board;
    this.console = console;
    this.log = log;
    acts = Acts.ofRun(settings.seconds());
    startNs = settings.startNs();
    rests = acts.endBefore(settings.seconds());
    servoHz = settings.servoHz();
    buses =
        List.of(
            new BusWatch("sim:0", board.spi()::owner),
            new BusWatch("sim:i2c0", board.i2c()::owner));
    insideSensor = new Bme280(board.i2c().device(SENSOR_ADDRESS));
    spinAsked = loop.interrupt(SPIN);
    servo = new Servo(encoder(), board::driveMotor);
    printer = board.printer() == null ? null : new Printer(loop, board.printer());
  }

  private RotaryEncoder encoder() {
    return new RotaryEncoder(loop, board.hal().edges("MOTOR_A"), board.hal().edges("MOTOR_B"), 1);
  }

  /// Starts the first act. Suspends.
  void start() {
    insideSensor.start();
    begin(Act.KEEP_TIME);
    servoTask = add(loop.scheduleCallback("servo", release(), this::control));
    add(loop.schedule("inside", INSIDE_HZ, insideSensor::measure));
    if (printer != null) {
      add(loop.schedule("printer", PRINTER_HZ, () -> askPrinter(printer)));
    }
    loop.addTask(SPIN, this::spinWhenAsked);
    planAct(Act.SHARE_THE_BUS);
    planAct(Act.BREAK_IT);
    loop.callAt("act", startNs + acts.spinNs(), this::spin);
    if (rests) {
      planAct(Act.REST);
    }
  }

  /// Each release has a period's time; one that is lost stays lost, the grid stays.
  private Release release() {
    long periodNs = NS_PER_SECOND / servoHz;
    return Release.perSecond(servoHz)
        .withMissedTicks(MissedTicks.SKIP)
        .withDeadline(Duration.ofNanos(periodNs))
        .withBudget(Duration.ofNanos(periodNs / 2))
        .withMissHandler(blame::miss);
  }

  private ScheduledTask add(ScheduledTask task) {
    tasks.add(task);
    return task;
  }

  private void planAct(Act next) {
    loop.callAt("act", startNs + acts.beginNs(next), () -> begin(next));
  }

  private void begin(Act next) {
    act = next;
    buses.forEach(BusWatch::forget);
    console.at(elapsedNs(), next.place()).text(next.title()).text(": ").text(next.story()).print();
    switch (next) {
      case SHARE_THE_BUS -> auditTask = add(loop.schedule("audit", AUDIT_HZ, log::audit));
      case BREAK_IT -> Objects.requireNonNull(auditTask).stop();
      case KEEP_TIME -> {}
      case REST -> stopServo();
    }
  }

  private void control() {
    settleBlame();
    for (BusWatch bus : buses) {
      bus.look();
    }
    servo.control(act, loop.nowNs());
  }

  private void settleBlame() {
    long leftOut = blame.settle(Objects.requireNonNull(servoTask).missed());
    Blame.Culprit culprit = blame.latest();
    if (leftOut > 0 && culprit != null && culprit.name().equals(SPIN)) {
      console
          .at(elapsedNs(), "miss")
          .text(SPIN)
          .text(" ran for ")
          .millis(culprit.latestRunNs())
          .text(" ms: the servo lost ")
          .number(leftOut + 1)
          .text(" releases")
          .print();
    }
  }

  /// Asks for it; also on a key.
  void spin() {
    spinAsked.fire();
  }

  private void spinWhenAsked() {
    while (true) {
      spinAsked.await();
      spins++;
      board.spin(SPIN_NS);
    }
  }

  private void askPrinter(Printer asked) {
    if (asked.ask()) {
      String trouble = asked.trouble();
      console.at(elapsedNs(), "printer").text(trouble == null ? "answers" : trouble).print();
    }
  }

  /// Lets go of the printer, once no task asks it any more.
  void close() {
    if (printer != null) {
      printer.close();
    }
  }

  /// Ends what runs at a rate, and leaves the motor without voltage.
  void stop() {
    for (ScheduledTask task : tasks) {
      task.stop();
    }
    stopServo();
  }

  private void stopServo() {
    ScheduledTask task = Objects.requireNonNull(servoTask);
    task.stop();
    blame.settle(task.missed());
    board.driveMotor(0);
  }

  private long elapsedNs() {
    return loop.nowNs() - startNs;
  }

  Act act() {
    return act;
  }

  Servo servo() {
    return servo;
  }

  List<BusWatch> buses() {
    return buses;
  }

  Blame blame() {
    return blame;
  }

  Bme280 insideSensor() {
    return insideSensor;
  }

  @Nullable Printer printer() {
    return printer;
  }

  /// All that run or ran at a rate.
  List<ScheduledTask> tasks() {
    return tasks;
  }

  long spins() {
    return spins;
  }
}
