package dev.tasko.hal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.VirtualTime;
import dev.tasko.resource.Mutex;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/// Random tasks that use an SPI bus and an I2C bus by turns: on each wire transfers go one at a
/// time, in the order in which they were asked for, and each begins at the very moment at which it
/// was asked for or the one before it ended. So neither bus ever waits for the other.
class BusFairnessPropertiesTest {
  private static final int ADDRESS = 0x42;
  private static final SpiConfig CONFIG = new SpiConfig(1_000_000, 0);

  /// A pause, then a transfer on one of the buses.
  record Use(int pauseNs, boolean i2c, int wireNs) {}

  @Provide
  Arbitrary<List<List<Use>>> programs() {
    Arbitrary<Use> uses =
        Combinators.combine(
                Arbitraries.integers().between(0, 20),
                Arbitraries.of(true, false),
                Arbitraries.integers().between(1, 30))
            .as(Use::new);
    return uses.list().ofMinSize(1).ofMaxSize(8).list().ofMinSize(2).ofMaxSize(8);
  }

  @Property(tries = 500)
  void transfers_goInTurnOnEachBusWhateverTheOtherDoes(
      @ForAll("programs") List<List<Use>> programs) {
    Run run = new Run(programs, false);
    run.run();
    assertEquals(List.of(), run.wrong());
  }

  /// What one lock around both buses would be: seen, as soon as two tasks want both at a time.
  @Property(tries = 20)
  void oneLockForBothBuses_isSeen(@ForAll("programs") List<List<Use>> programs) {
    List<List<Use>> contended = new ArrayList<>(programs);
    contended.add(List.of(new Use(0, true, 30)));
    contended.add(List.of(new Use(1, false, 30)));
    Run run = new Run(contended, true);
    run.run();
    assertNotEquals(List.of(), run.wrong());
  }

  /// One bus as the wire sees it, and who has asked for it in which order.
  private static final class Wire {
    private final String name;
    private final VirtualTime time;
    private final ArrayDeque<Integer> asked = new ArrayDeque<>();
    private final ArrayDeque<Long> askedNs = new ArrayDeque<>();
    private final List<String> wrong = new ArrayList<>();
    private boolean busy;
    private long freeNs;
    private int transfers;

    Wire(String name, VirtualTime time) {
      this.name = name;
      this.time = time;
    }

    void ask(int task) {
      asked.add(task);
      askedNs.add(time.nanoTime());
    }

    void begin(int task) {
      check(!busy, "two at a time");
      check(Objects.equals(asked.poll(), task), "task " + task + " is not the next");
      long dueNs = Math.max(Objects.requireNonNull(askedNs.poll()), freeNs);
      check(time.nanoTime() == dueNs, "began at " + time.nanoTime() + " instead of " + dueNs);
      busy = true;
      transfers++;
    }

    void end() {
      busy = false;
      freeNs = time.nanoTime();
    }

    private void check(boolean holds, String what) {
      if (!holds) {
        wrong.add(name + ": " + what);
      }
    }
  }

  /// The tasks of one program. What a task sends is its number, so that the wire knows it.
  private static final class Run {
    private final List<List<Use>> programs;
    private final boolean oneLock;
    private final VirtualTime time = new VirtualTime(0);
    private final Loop loop = new Loop(new LoopConfig().virtualTime(time));
    private final Wire spiWire = new Wire("spi", time);
    private final Wire i2cWire = new Wire("i2c", time);
    private final ManagedSpi spi = new ManagedSpi(loop, new WiredSpi(loop, spiWire));
    private final ManagedI2c i2c = new ManagedI2c(loop, new WiredI2c(loop, i2cWire));
    private final Mutex lock = new Mutex(loop, "both");

    Run(List<List<Use>> programs, boolean oneLock) {
      this.programs = programs;
      this.oneLock = oneLock;
    }

    void run() {
      for (int i = 0; i < programs.size(); i++) {
        int task = i;
        loop.addTask(() -> useAll(task));
      }
      try (loop;
          spi;
          i2c) {
        loop.run();
      }
      long uses = programs.stream().mapToLong(List::size).sum();
      assertEquals(uses, spiWire.transfers + i2cWire.transfers);
    }

    private void useAll(int task) throws Exception {
      SpiDevice device = spi.device(new Line("CS" + task), CONFIG);
      SpiMessage message = device.prepare(2);
      UnsafeBuffer out = new UnsafeBuffer(new byte[2]);
      for (Use use : programs.get(task)) {
        loop.sleepNs(use.pauseNs());
        MutableDirectBuffer sent = use.i2c() ? out : message.tx();
        sent.putByte(0, (byte) task);
        sent.putByte(1, (byte) use.wireNs());
        (use.i2c() ? i2cWire : spiWire).ask(task);
        if (oneLock) {
          try (var _ = lock.acquire()) {
            transfer(use, device, message, out);
          }
        } else {
          transfer(use, device, message, out);
        }
      }
    }

    private void transfer(Use use, SpiDevice device, SpiMessage message, UnsafeBuffer out) {
      (use.i2c() ? i2c.write(ADDRESS, out, 2) : device.transfer(message)).orThrow();
    }

    List<String> wrong() {
      List<String> all = new ArrayList<>(spiWire.wrong);
      all.addAll(i2cWire.wrong);
      return all;
    }
  }

  /// A bus that only takes its time.
  private abstract static class Wired implements Bus {
    private final Loop loop;
    private final Wire wire;

    Wired(Loop loop, Wire wire) {
      this.loop = loop;
      this.wire = wire;
    }

    TransferResult carry(DirectBuffer sent) {
      wire.begin(sent.getByte(0));
      loop.sleepNs(sent.getByte(1));
      wire.end();
      return TransferResult.DONE;
    }

    @Override
    public String name() {
      return wire.name;
    }

    @Override
    public boolean delaySuspends() {
      return true;
    }

    @Override
    public NanoClock clock() {
      return wire.time;
    }

    @Override
    public void delayNs(long delayNs) {
      loop.sleepNs(delayNs);
    }
  }

  private static final class WiredSpi extends Wired implements SpiBus {
    WiredSpi(Loop loop, Wire wire) {
      super(loop, wire);
    }

    @Override
    public SpiCapabilities capabilities() {
      return SpiCapabilities.COMMON;
    }

    @Override
    public TransferResult transfer(SpiMessage message, SpiConfig config) {
      return carry(message.tx());
    }

    @Override
    public TransferResult idleClocks(int clocks, SpiConfig config) {
      return TransferResult.DONE;
    }
  }

  private static final class WiredI2c extends Wired implements I2cBus {
    WiredI2c(Loop loop, Wire wire) {
      super(loop, wire);
    }

    @Override
    public TransferResult writeRead(
        int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
      return carry(out);
    }
  }

  /// A select line that nothing is behind.
  private static final class Line implements DigitalPin {
    private final String name;
    private boolean high = true;

    Line(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void setHigh(boolean level) {
      high = level;
    }

    @Override
    public boolean isHigh() {
      return high;
    }
  }
}
