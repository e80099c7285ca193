package dev.tasko.safety;

import dev.tasko.Channel;
import dev.tasko.Loop;
import dev.tasko.Suspension;
import dev.tasko.Task;
import dev.tasko.TaskGroup;
import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.ManagedSpi;
import dev.tasko.hal.SafePins;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.hal.sim.SimHal;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.resource.Mutex;
import dev.tasko.task.Body;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wakeup.Interrupt;
import dev.tasko.wakeup.Mailbox;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import org.agrona.concurrent.UnsafeBuffer;

/// A small controller that waits in every way there is, while it logs to a card and drives a valve.
/// It tells of each record that the card has acknowledged, and counts who came and who left.
final class Controller {
  private static final int BLOCK_BYTES = 512;
  private static final int BLOCKS = 64;
  private static final long STEP_NS = 15_000;
  private static final SpiConfig BUS = new SpiConfig(8_000_000, 0);

  private final Loop loop;
  private final SimHal hal;
  private final long seed;
  private final Runnable point;
  private final ManagedSpi spi;
  private final IntConsumer onLogged;
  private final List<Integer> logged = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> inside = new ConcurrentLinkedQueue<>();
  private boolean tellsTooEarly;

  /// Makes one that has not started.
  ///
  /// @param point called before each wait
  /// @param onLogged told of each record that the card has acknowledged
  Controller(Loop loop, SimHal hal, long seed, Runnable point, IntConsumer onLogged) {
    this.loop = loop;
    this.hal = hal;
    this.seed = seed;
    this.point = point;
    this.onLogged = onLogged;
    spi = new ManagedSpi(loop, hal.spi("sim:0"));
  }

  /// A defect: a record is told before the card has it.
  Controller tellTooEarly() {
    tellsTooEarly = true;
    return this;
  }

  DigitalPin valve() {
    return hal.pin("D7");
  }

  DigitalPin heater() {
    return hal.pin("D8");
  }

  /// Registers what has to be safe: valve and heater off, no chip selected.
  void register(SafeStop safe) {
    SafePins.output(safe, valve(), false);
    SafePins.output(safe, heater(), false);
    SafePins.chipSelect(safe, hal.pin("D4"));
    SafePins.chipSelect(safe, hal.pin("D5"));
  }

  void start() {
    heater().setHigh(false);
    valve().setHigh(false);
    add("log", this::log);
    add("sense", this::sense);
    add("valve", this::driveValve);
    addHandOvers();
    addSharers();
    addFamily();
  }

  void stopLoop() {
    loop.stop();
  }

  ManagedSpi spi() {
    return spi;
  }

  /// The numbers of the records that were told.
  List<Integer> logged() {
    return logged;
  }

  private Task add(String name, Body body) {
    return loop.addTask(name, () -> counted(name, body));
  }

  private void counted(String name, Body body) throws Exception {
    inside.add(name);
    try {
      body.run();
    } finally {
      inside.remove(name);
    }
  }

  private void sleep(long ns) {
    point.run();
    loop.sleepNs(ns);
  }

  // On the bus.

  private void log() {
    SdCard card = new SdCard(spi.device(hal.pin("D5"), BUS));
    card.start();
    for (int record = 0; record < BLOCKS; record++) {
      if (tellsTooEarly) {
        tell(record);
      }
      card.writeBlock(record, record(record), 0);
      if (!tellsTooEarly) {
        tell(record);
      }
      sleep(100 * STEP_NS);
    }
  }

  private void tell(int record) {
    logged.add(record);
    onLogged.accept(record);
  }

  private UnsafeBuffer record(int number) {
    byte[] bytes = new byte[BLOCK_BYTES];
    new Random(seed ^ number).nextBytes(bytes);
    return new UnsafeBuffer(bytes);
  }

  private void sense() {
    Bme280 sensor = new Bme280(spi.device(hal.pin("D4"), BUS));
    sensor.start();
    while (true) {
      sensor.measure();
      sleep(500 * STEP_NS);
    }
  }

  // At the outputs.

  /// Leaves the heater on when it ends: a safe stop comes after that, not before.
  private void driveValve() {
    try {
      while (true) {
        valve().setHigh(true);
        sleep(300 * STEP_NS);
        valve().setHigh(false);
        heater().setHigh(true);
        sleep(200 * STEP_NS);
      }
    } finally {
      valve().setHigh(true);
      heater().setHigh(true);
    }
  }

  // From task to task.

  private void addHandOvers() {
    Channel<Integer> channel = loop.channel("numbers", 2);
    Mailbox<Integer> mailbox = loop.mailbox("letters", 4);
    Interrupt edge = loop.interrupt("edge");
    add(
        "producer",
        () -> {
          for (int i = 0; true; i++) {
            point.run();
            channel.send(i);
            boolean _ = mailbox.offer(i); // refused when nobody takes
            edge.fire();
            sleep(150 * STEP_NS);
          }
        });
    add(
        "consumer",
        () -> {
          while (true) {
            point.run();
            channel.receive();
            point.run();
            loop.yieldNow();
          }
        });
    add(
        "reader",
        () -> {
          while (true) {
            point.run();
            mailbox.take();
          }
        });
    add(
        "edge",
        () -> {
          while (true) {
            point.run();
            edge.await();
          }
        });
  }

  private void addSharers() {
    Handle<String, String> tool =
        new ManagedResource<String, String>(loop, "tool", _ -> {}, _ -> {}).handle("any");
    Mutex mutex = new Mutex(loop, "mutex");
    for (String name : List.of("left", "right")) {
      add(
          name,
          () -> {
            while (true) {
              point.run();
              try (Lease<String> _ = tool.acquire()) {
                sleep(70 * STEP_NS);
              }
              point.run();
              try (Lease<Mutex> _ = mutex.acquire()) {
                sleep(30 * STEP_NS);
              }
              loop.shielded(() -> sleep(40 * STEP_NS));
            }
          });
    }
  }

  private void addFamily() {
    Task child = add("child", () -> sleep(2_000 * STEP_NS));
    add(
        "joiner",
        () -> {
          point.run();
          child.join();
        });
    add(
        "group",
        () -> {
          while (true) {
            try (TaskGroup group = loop.group()) {
              group.fork(() -> counted("forked", () -> sleep(90 * STEP_NS)));
              group.fork(() -> counted("forked", () -> sleep(110 * STEP_NS)));
              point.run();
              group.join();
            }
          }
        });
    add(
        "limited",
        () -> {
          while (true) {
            try {
              loop.timeout(Duration.ofNanos(80 * STEP_NS), () -> sleep(1_000_000 * STEP_NS));
            } catch (TaskTimeoutException expected) {
              sleep(20 * STEP_NS);
            }
          }
        });
    add(
        "suspended",
        () -> {
          while (true) {
            Suspension suspension = loop.suspend();
            loop.callAt(loop.nowNs() + 60 * STEP_NS, suspension::resume);
            point.run();
            suspension.await();
          }
        });
  }

  // What must be so after a safe stop.

  void requireSafe() {
    List<String> wrong = new ArrayList<>();
    if (valve().isHigh()) {
      wrong.add("the valve is open");
    }
    if (heater().isHigh()) {
      wrong.add("the heater is on");
    }
    requireReleased(wrong);
    require(wrong);
  }

  private void requireReleased(List<String> wrong) {
    for (String select : List.of("D4", "D5")) {
      if (hal.pin(select).isSelected()) {
        wrong.add(select + " is selected");
      }
    }
  }

  void requireUnwound() {
    List<String> wrong = new ArrayList<>();
    inside.forEach(name -> wrong.add(name + " was not unwound"));
    if (spi.isOwned()) {
      wrong.add("the bus is owned");
    }
    require(wrong);
  }

  /// Each record that was told is on the image, past all that wrote it.
  void requireRecords(Path image) throws IOException {
    requireRecords(image, seed, logged);
  }

  static void requireRecords(Path image, long seed, List<Integer> told) throws IOException {
    List<String> wrong = new ArrayList<>();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
      for (int record : told) {
        byte[] expected = new byte[BLOCK_BYTES];
        new Random(seed ^ record).nextBytes(expected);
        byte[] found = new byte[BLOCK_BYTES];
        file.seek((long) record * BLOCK_BYTES);
        file.readFully(found);
        if (!Arrays.equals(expected, found)) {
          wrong.add("record " + record + " is lost");
        }
      }
    }
    require(wrong);
  }

  private static void require(List<String> wrong) {
    if (!wrong.isEmpty()) {
      throw new AssertionError(String.join(", ", wrong));
    }
  }
}
