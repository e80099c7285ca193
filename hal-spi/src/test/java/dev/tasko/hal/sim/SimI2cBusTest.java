package dev.tasko.hal.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.tasko.hal.HalConfig;
import dev.tasko.hal.ManualTime;
import dev.tasko.hal.TransferResult;
import dev.tasko.hal.TransferResult.Failed;
import dev.tasko.hal.TransferResult.Reason;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimI2cBusTest {
  private static final int ADDRESS = 0x50;
  private static final long CALL_NS = 10_000;

  private final ManualTime time = new ManualTime();
  private final SimHal hal = SimHal.open(exact(time.config(1)));
  private final SimI2cBus bus = hal.i2c("sim:i2c0");
  private final Recorder recorder = new Recorder();
  private final UnsafeBuffer out = new UnsafeBuffer(new byte[] {1, 2, 3, 4, 5});
  private final UnsafeBuffer in = new UnsafeBuffer(new byte[8]);
  private long startNs;

  /// Every call costs 10 µs, each clock 10 µs.
  private static HalConfig exact(HalConfig config) {
    return config
        .withOption("i2c.clockHz", "100000")
        .withOption("bus.callMinNs", "10000")
        .withOption("bus.callMaxNs", "10000")
        .withOption("bus.tailPermille", "0");
  }

  @BeforeEach
  void attach() {
    bus.attach(ADDRESS, recorder);
    startNs = time.nanoTime();
  }

  private void assertFailed(Reason reason, String detail, TransferResult result) {
    assertEquals(new Failed("sim:i2c0", "0x50", reason, detail), result);
  }

  private void assertClocks(int clocks) {
    assertEquals(CALL_NS + 10_000L * clocks, time.nanoTime() - startNs);
    startNs = time.nanoTime();
  }

  @Test
  void write_wireTiming() {
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 2));
    assertClocks(1 + 27 + 1);
    assertEquals(List.of("W at 10000", "1 at 110000", "2 at 200000"), recorder.seen);
  }

  @Test
  void read_wireTiming() {
    assertSame(TransferResult.DONE, bus.read(ADDRESS, in, 3));
    assertClocks(1 + 36 + 1);
    assertEquals(List.of("R at 10000", "0 at 110000", "1 at 200000", "2 at 290000"), recorder.seen);
    assertEquals(2, in.getByte(2));
  }

  @Test
  void writeRead_repeatedStartWithoutAStop() {
    assertSame(TransferResult.DONE, bus.writeRead(ADDRESS, out, 1, in, 2));
    assertClocks(1 + 18 + 1 + 27 + 1);
    assertEquals(
        List.of("W at 10000", "1 at 110000", "R at 200000", "0 at 300000", "1 at 390000"),
        recorder.seen);
  }

  @Test
  void clockHz_400kIsTheDefault() {
    SimHal fast =
        SimHal.open(
            time.config(1)
                .withOption("bus.callMinNs", "0")
                .withOption("bus.callMaxNs", "0")
                .withOption("bus.tailPermille", "0"));
    fast.i2c("sim:i2c0").read(0x76, in, 1).orThrow();
    assertEquals(20 * 2_500, time.nanoTime() - startNs);
  }

  @Test
  void writeRead_ofNothingAsksForTheAcknowledge() {
    assertSame(TransferResult.DONE, bus.writeRead(ADDRESS, out, 0, in, 0));
    assertClocks(11);
    assertEquals(List.of("W at 10000"), recorder.seen);
  }

  @Test
  void address_nobodyThere() {
    bus.detach(ADDRESS);
    assertFailed(
        Reason.ADDRESS_NACK,
        "no acknowledge (expected: a device)",
        bus.writeRead(ADDRESS, out, 5, in, 8));
    assertClocks(11);
  }

  @Test
  void refuseData_endsTheTransferAtThatByte() {
    bus.refuseData(2);
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 2));
    assertClocks(29);
    recorder.seen.clear();
    assertFailed(
        Reason.DATA_NACK,
        "byte 3 of 5: no acknowledge (expected: acknowledge)",
        bus.writeRead(ADDRESS, out, 5, in, 8));
    assertClocks(1 + 9 + 27 + 1);
    assertEquals(3, recorder.seen.size(), "start and two bytes");
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 5));
  }

  @Test
  void injectStretch_delaysUpToTheLimit() {
    bus.injectStretch(SimI2cBus.MAX_STRETCH_NS);
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 1));
    startNs += SimI2cBus.MAX_STRETCH_NS;
    assertClocks(20);
    bus.injectStretch(SimI2cBus.MAX_STRETCH_NS + 1);
    assertFailed(
        Reason.CLOCK_STRETCHED,
        "clock held low after 25000000 ns (expected: released)",
        bus.write(ADDRESS, out, 1));
    startNs += SimI2cBus.MAX_STRETCH_NS;
    assertClocks(11);
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 1));
  }

  @Test
  void holdLow_isBusyUntilReleased() {
    bus.holdLow(true);
    assertFailed(Reason.BUS_BUSY, "data line: low (expected: high)", bus.write(ADDRESS, out, 1));
    bus.holdLow(false);
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 1));
  }

  @Test
  void holdLow_duringATransferExchangesNothing() {
    time.whileWaiting(delayNs -> bus.holdLow(true));
    assertFailed(Reason.BUS_BUSY, "data line: low (expected: high)", bus.write(ADDRESS, out, 1));
    assertEquals(List.of(), recorder.seen);
  }

  @Test
  void injectFailures_areCounted() {
    bus.injectFailures(Reason.ARBITRATION_LOST, 2);
    assertFailed(Reason.ARBITRATION_LOST, "injected", bus.read(ADDRESS, in, 8));
    assertClocks(11);
    assertFailed(Reason.ARBITRATION_LOST, "injected", bus.read(ADDRESS, in, 8));
    assertSame(TransferResult.DONE, bus.read(ADDRESS, in, 8));
  }

  @Test
  void close_beforeAndDuringATransfer() {
    time.whileWaiting(delayNs -> hal.close());
    assertFailed(Reason.CLOSED, "hal: closed (expected: open)", bus.write(ADDRESS, out, 1));
    assertFailed(Reason.CLOSED, "hal: closed (expected: open)", bus.write(ADDRESS, out, 1));
    assertEquals(List.of(), recorder.seen);
  }

  @Test
  void transfer_twoAtOnce() {
    List<TransferResult> second = new ArrayList<>();
    time.whileWaiting(delayNs -> second.add(bus.write(ADDRESS, out, 1)));
    assertSame(TransferResult.DONE, bus.write(ADDRESS, out, 1));
    assertFailed(
        Reason.BUS_CONFLICT, "transfer: begun while another is on the wire", second.getFirst());
  }

  /// Notes what it is told, with the time since the transfer began.
  private final class Recorder implements SimI2cDevice {
    private final List<String> seen = new ArrayList<>();
    private int next;

    @Override
    public boolean acknowledges() {
      return true;
    }

    @Override
    public void start(boolean reading, long nowNs) {
      note(reading ? "R" : "W", nowNs);
      next = 0;
    }

    @Override
    public void write(int value, long nowNs) {
      note("" + value, nowNs);
    }

    @Override
    public int read(long nowNs) {
      note("" + next, nowNs);
      return next++;
    }

    private void note(String what, long nowNs) {
      seen.add(what + " at " + (nowNs - startNs));
    }
  }
}
