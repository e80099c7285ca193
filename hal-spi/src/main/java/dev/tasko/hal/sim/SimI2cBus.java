package dev.tasko.hal.sim;

import dev.tasko.hal.Delay;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.I2cBus;
import dev.tasko.hal.TransferResult;
import dev.tasko.hal.TransferResult.Failed;
import dev.tasko.hal.TransferResult.Reason;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// A simulated I2C bus: wire timing, acknowledges, and the faults of a shared pair of wires.
///
/// A start, a stop and a repeated start take one clock each, and each byte with its acknowledge
/// nine:
///
/// ```text
///   S │ addr+W 9 │ out 9 each │ Sr │ addr+R 9 │ in 9 each │ P      call + stretch + clocks
///     │          └ no acknowledge: P, 11 clocks in all
/// ```
///
/// What will go wrong is known before the transfer begins, so its time passes in one wait; then the
/// device is told its bytes, each with the time it had on the wire. As on [SimSpiBus], a transfer
/// that is disturbed during the wait has exchanged nothing. One that fails by [#refuseData] has
/// given the device the bytes it acknowledged.
///
/// Thread: one user at a time; a second one at once is answered with a conflict. Set-up and faults
/// while no transfer is under way.
public final class SimI2cBus implements I2cBus {
  /// How long a device may hold the clock in one transfer, as SMBus has it.
  public static final long MAX_STRETCH_NS = 25_000_000;

  private static final int BYTE_CLOCKS = 9;
  private static final int NOBODY_CLOCKS = BYTE_CLOCKS + 2;
  private static final int NEVER = Integer.MAX_VALUE;

  private final String name;
  private final NanoClock clock;
  private final Delay delay;
  private final boolean delaySuspends;
  private final WireTiming timing;
  private final int clockHz;
  private final SplittableRandom random;
  private final @Nullable SimI2cDevice[] devices = new SimI2cDevice[MAX_ADDRESS + 1];
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile boolean closed;
  private volatile boolean heldLow;
  private long stretchNs;
  private int refusedAfterBytes = NEVER;
  private @Nullable Reason injectedReason;
  private int injectedCount;

  SimI2cBus(String name, HalConfig config, WireTiming timing, int clockHz) {
    this.name = name;
    this.clock = config.clock();
    this.delay = config.delay();
    this.delaySuspends = config.delaySuspends();
    this.timing = timing;
    this.clockHz = clockHz;
    this.random = new SplittableRandom(config.seed() ^ name.hashCode());
  }

  /// Wires a chip, in place of any chip that had its address.
  ///
  /// @param address of seven bits
  /// @param device the chip
  /// @throws IllegalArgumentException if the address is reserved
  public void attach(int address, SimI2cDevice device) {
    devices[I2cBus.requireAddress(address)] = device;
  }

  /// Takes a chip off the bus; nobody acknowledges its address then.
  ///
  /// @param address of seven bits
  /// @throws IllegalArgumentException if the address is reserved
  public void detach(int address) {
    devices[I2cBus.requireAddress(address)] = null;
  }

  /// Makes the device of the next transfer hold the clock. Longer than [#MAX_STRETCH_NS] fails it.
  ///
  /// @param newStretchNs for how long
  /// @throws IllegalArgumentException if negative
  public void injectStretch(long newStretchNs) {
    stretchNs = requireNotNegative("stretchNs", newStretchNs);
  }

  /// Makes the device of the next transfer refuse a byte that is written to it.
  ///
  /// @param afterBytes how many it acknowledges first; a transfer that writes no more is not
  ///   affected, and waits for the next
  /// @throws IllegalArgumentException if negative
  public void refuseData(int afterBytes) {
    refusedAfterBytes = (int) requireNotNegative("afterBytes", afterBytes);
  }

  /// Makes the next transfers fail after their address, with nothing exchanged.
  ///
  /// @param reason of the failure, such as [Reason#ARBITRATION_LOST]
  /// @param count how many transfers
  /// @throws IllegalArgumentException if the count is negative
  public void injectFailures(Reason reason, int count) {
    injectedReason = reason;
    injectedCount = (int) requireNotNegative("count", count);
  }

  /// Shorts the data line to ground, or takes the short away. Thread: any.
  ///
  /// @param low whether no transfer can begin from now on
  public void holdLow(boolean low) {
    heldLow = low;
  }

  private static long requireNotNegative(String name, long value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }
    return value;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean delaySuspends() {
    return delaySuspends;
  }

  @Override
  public NanoClock clock() {
    return clock;
  }

  @Override
  public void delayNs(long delayNs) {
    delay.delayNs(delayNs);
  }

  @Override
  public TransferResult writeRead(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    I2cBus.requireTransfer(address, out, outBytes, in, inBytes);
    if (!busy.compareAndSet(false, true)) {
      return failed(address, Reason.BUS_CONFLICT, "transfer: begun while another is on the wire");
    }
    try {
      return transferAlone(address, out, outBytes, in, inBytes);
    } finally {
      busy.set(false);
    }
  }

  private TransferResult transferAlone(
      int address, DirectBuffer out, int outBytes, MutableDirectBuffer in, int inBytes) {
    if (closed) {
      return closedResult(address);
    }
    if (heldLow) {
      return busyResult(address);
    }
    long startNs = clock.nanoTime() + timing.drawCallNs(random);
    SimI2cDevice device = devices[address];
    if (injectedCount > 0 && injectedReason != null) {
      injectedCount--;
      Failed failed = failed(address, injectedReason, "injected");
      return failAfter(startNs, NOBODY_CLOCKS, failed);
    }
    if (device == null || !device.acknowledges()) {
      return failAfter(startNs, NOBODY_CLOCKS, nobody(address));
    }
    startNs += Math.min(stretchNs, MAX_STRETCH_NS);
    if (takeStretchNs() > MAX_STRETCH_NS) {
      return failAfter(startNs, NOBODY_CLOCKS, stretched(address));
    }
    if (refusedAfterBytes < outBytes) {
      return refuse(device, startNs, address, out, outBytes);
    }
    return exchange(device, startNs, address, out, outBytes, in, inBytes);
  }

  private long takeStretchNs() {
    long takenNs = stretchNs;
    stretchNs = 0;
    return takenNs;
  }

  private TransferResult exchange(
      SimI2cDevice device,
      long startNs,
      int address,
      DirectBuffer out,
      int outBytes,
      MutableDirectBuffer in,
      int inBytes) {
    boolean writes = outBytes > 0 || inBytes == 0;
    int readClock = writes ? 1 + BYTE_CLOCKS * (1 + outBytes) : 0;
    int readClocks = inBytes == 0 ? 0 : 1 + BYTE_CLOCKS * (1 + inBytes);
    Failed mishap = pass(startNs, readClock + readClocks + 1, address);
    if (mishap != null) {
      return mishap;
    }
    if (writes) {
      write(device, startNs, out, outBytes);
    }
    if (inBytes > 0) {
      read(device, startNs + clocksNs(readClock), in, inBytes);
    }
    return TransferResult.DONE;
  }

  private void write(SimI2cDevice device, long startNs, DirectBuffer out, int bytes) {
    device.start(false, startNs);
    for (int i = 0; i < bytes; i++) {
      device.write(out.getByte(i) & 0xFF, startNs + clocksNs(1 + BYTE_CLOCKS * (1 + i)));
    }
  }

  private void read(SimI2cDevice device, long startNs, MutableDirectBuffer in, int bytes) {
    device.start(true, startNs);
    for (int i = 0; i < bytes; i++) {
      int value = device.read(startNs + clocksNs(1 + BYTE_CLOCKS * (1 + i)));
      in.putByte(i, (byte) value);
    }
  }

  /// The refused byte is on the wire, and the stop follows it.
  private TransferResult refuse(
      SimI2cDevice device, long startNs, int address, DirectBuffer out, int outBytes) {
    int taken = refusedAfterBytes;
    refusedAfterBytes = NEVER;
    Failed mishap = pass(startNs, 2 + BYTE_CLOCKS * (2 + taken), address);
    if (mishap != null) {
      return mishap;
    }
    write(device, startNs, out, taken);
    return failed(
        address,
        Reason.DATA_NACK,
        "byte %d of %d: no acknowledge (expected: acknowledge)".formatted(taken + 1, outBytes));
  }

  private TransferResult failAfter(long startNs, int clocks, Failed failed) {
    delay.delayNs(startNs + clocksNs(clocks) - clock.nanoTime());
    return failed;
  }

  /// Lets the time of a transfer pass.
  ///
  /// @return what disturbed it, or null
  private @Nullable Failed pass(long startNs, int clocks, int address) {
    delay.delayNs(startNs + clocksNs(clocks) - clock.nanoTime());
    if (closed) {
      return closedResult(address);
    }
    return heldLow ? busyResult(address) : null;
  }

  private long clocksNs(int clocks) {
    return (clocks * 1_000_000_000L + clockHz - 1) / clockHz;
  }

  private Failed nobody(int address) {
    return failed(address, Reason.ADDRESS_NACK, "no acknowledge (expected: a device)");
  }

  private Failed stretched(int address) {
    return failed(
        address,
        Reason.CLOCK_STRETCHED,
        "clock held low after %d ns (expected: released)".formatted(MAX_STRETCH_NS));
  }

  private Failed busyResult(int address) {
    return failed(address, Reason.BUS_BUSY, "data line: low (expected: high)");
  }

  private Failed closedResult(int address) {
    return failed(address, Reason.CLOSED, "hal: closed (expected: open)");
  }

  private Failed failed(int address, Reason reason, String detail) {
    return new Failed(name, "0x%02x".formatted(address), reason, detail);
  }

  void close() {
    closed = true;
  }
}
