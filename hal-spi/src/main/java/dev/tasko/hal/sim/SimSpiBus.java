package dev.tasko.hal.sim;

import dev.tasko.hal.Delay;
import dev.tasko.hal.DigitalPin;
import dev.tasko.hal.HalConfig;
import dev.tasko.hal.SpiBus;
import dev.tasko.hal.SpiCapabilities;
import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import dev.tasko.hal.TransferResult.Failed;
import dev.tasko.hal.TransferResult.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.NanoClock;
import org.jspecify.annotations.Nullable;

/// A simulated bus: wire timing, and a referee of who is selected.
///
/// A transfer takes `call + select + 8 n / clockHz + delays`. The whole of it passes in one wait by
/// the injected delay; only then are the bytes handed over, each with the time it had on the wire.
/// Why not the other way round: whatever goes wrong during the wait (another select falls, the bus
/// is closed, the waiting task is cancelled) is known before any chip has seen a byte, so a failed
/// transfer has exchanged nothing.
///
/// Invariants: at most one transfer at a time (`busy`, taken by compare-and-set, guards all fields
/// that are not volatile); a chip learns of its select in the order of the levels. **Not**
/// invariant: that a chip learns of a select at once. A line that moves during a foreign transfer
/// is told to its chip after it, and the transfer fails as a conflict.
public final class SimSpiBus implements SpiBus {
  private final String name;
  private final NanoClock clock;
  private final Delay delay;
  private final boolean delaySuspends;
  private final WireTiming timing;
  private final SplittableRandom random;
  private final List<Slot> slots = new ArrayList<>();
  private final AtomicBoolean busy = new AtomicBoolean();
  private volatile boolean closed;
  private volatile @Nullable SimPin disturbedBy;
  private long injectedStallNs;
  private @Nullable Reason injectedReason;
  private int injectedCount;

  SimSpiBus(String name, HalConfig config, WireTiming timing) {
    this.name = name;
    this.clock = config.clock();
    this.delay = config.delay();
    this.delaySuspends = config.delaySuspends();
    this.timing = timing;
    this.random = new SplittableRandom(config.seed() ^ name.hashCode());
  }

  /// Wires a chip to a select pin, in place of any chip that was there. For set-up.
  ///
  /// @param pin its chip select, deselected at once
  /// @param peripheral the chip
  public void attach(SimPin pin, SimPeripheral peripheral) {
    slots.removeIf(slot -> slot.pin == pin);
    slots.add(new Slot(pin, peripheral));
    pin.wireTo(this);
    pin.deselect();
  }

  /// Makes the next transfer take longer.
  ///
  /// @param stallNs by how much
  public void injectStall(long stallNs) {
    injectedStallNs = stallNs;
  }

  /// Makes the next transfers fail after their call time, with nothing exchanged.
  ///
  /// @param reason of the failure
  /// @param count how many transfers
  public void injectFailures(Reason reason, int count) {
    injectedReason = reason;
    injectedCount = count;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public SpiCapabilities capabilities() {
    return SpiCapabilities.COMMON;
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
  public SpiDevice device(DigitalPin select, SpiConfig config) {
    if (!(select instanceof SimPin pin)) {
      throw new IllegalArgumentException(
          "select: " + select.name() + " (expected: a pin of the simulated hardware)");
    }
    if (slotOf(pin) == null) {
      attach(pin, new EmptySocket());
    }
    return SpiBus.super.device(select, config);
  }

  @Override
  public TransferResult transfer(SpiMessage message, SpiConfig config) {
    if (!busy.compareAndSet(false, true)) {
      return failed("-", Reason.BUS_CONFLICT, "transfer: begun while another is on the wire");
    }
    try {
      return transferAlone(message, config);
    } finally {
      busy.set(false);
    }
  }

  private TransferResult transferAlone(SpiMessage message, SpiConfig config) {
    long startNs = clock.nanoTime();
    disturbedBy = null; // first: a select that moves from here on fails the transfer
    applySelects(startNs);
    TransferResult refusal = refusal(config);
    if (refusal != null) {
      return refusal;
    }
    Slot slot = onlySelected();
    if (slot == null) {
      return failed("-", Reason.NOT_SELECTED, "selected: none (expected: one device)");
    }
    long leadNs = leadNs(slot);
    delay.delayNs(leadNs + config.wireNs(message.bytes()) + message.totalDelayNs());
    TransferResult mishap = mishap(slot.pin.name());
    if (mishap != null) {
      return mishap;
    }
    exchange(slot, message, config, startNs + leadNs);
    return TransferResult.DONE;
  }

  @Override
  public TransferResult idleClocks(int clocks, SpiConfig config) {
    if (clocks < 1) {
      throw new IllegalArgumentException("clocks: " + clocks + " (expected: >= 1)");
    }
    if (!busy.compareAndSet(false, true)) {
      return failed("-", Reason.BUS_CONFLICT, "idleClocks: begun while a transfer is on the wire");
    }
    try {
      return idleAlone(clocks, config);
    } finally {
      busy.set(false);
    }
  }

  private TransferResult idleAlone(int clocks, SpiConfig config) {
    disturbedBy = null;
    applySelects(clock.nanoTime());
    if (closed) {
      return closedResult();
    }
    if (selectedCount() > 0) {
      return failed(
          selectedNames(), Reason.BUS_CONFLICT, "idleClocks: selected (expected: no device)");
    }
    delay.delayNs(takeCallNs() + config.clocksNs(clocks));
    TransferResult mishap = mishap("-");
    if (mishap != null) {
      return mishap;
    }
    clockDeselected(clocks, true);
    return TransferResult.DONE;
  }

  /// What stops a transfer before it begins, or null.
  private @Nullable TransferResult refusal(SpiConfig config) {
    if (closed) {
      return closedResult();
    }
    if (selectedCount() > 1) {
      return failed(
          selectedNames(),
          Reason.BUS_CONFLICT,
          "selected: %d devices (expected: one)".formatted(selectedCount()));
    }
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      String unable = slot.selected ? slot.peripheral.refusal(config) : null;
      if (unable != null) {
        return failed(slot.pin.name(), Reason.UNSUPPORTED, unable);
      }
    }
    return heldLine();
  }

  /// A chip that still drives the receive line spoils the transfer, and is freed by its clocks.
  private @Nullable TransferResult heldLine() {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (!slot.selected && slot.peripheral.holdsMiso() && selectedCount() > 0) {
        String pins = selectedNames() + "+" + slot.pin.name();
        clockDeselected(8, false);
        return failed(
            pins,
            Reason.BUS_CONFLICT,
            slot.pin.name()
                + " still drives the receive line (expected: 8 clocks after its deselect)");
      }
    }
    return null;
  }

  /// What went wrong while the time of a transfer passed, or null.
  private @Nullable TransferResult mishap(String device) {
    SimPin pin = disturbedBy;
    if (closed) {
      return closedResult();
    }
    if (pin != null) {
      String names =
          device.equals("-") || device.equals(pin.name()) ? pin.name() : device + "+" + pin.name();
      return failed(
          names,
          Reason.BUS_CONFLICT,
          pin.name() + " changed during a transfer (expected: after it)");
    }
    if (injectedCount > 0 && injectedReason != null) {
      injectedCount--;
      return failed(device, injectedReason, "injected");
    }
    return null;
  }

  private long leadNs(Slot slot) {
    long leadNs = takeCallNs() + (slot.fresh ? timing.selectNs() : 0);
    slot.fresh = false;
    return leadNs;
  }

  private long takeCallNs() {
    long callNs = timing.drawCallNs(random) + injectedStallNs;
    injectedStallNs = 0;
    return callNs;
  }

  private void exchange(Slot slot, SpiMessage message, SpiConfig config, long firstNs) {
    int offset = 0;
    long segmentNs = firstNs;
    for (int segment = 0; segment < message.segments(); segment++) {
      int bytes = message.segmentBytes(segment);
      for (int i = 0; i < bytes; i++) {
        int mosi = message.tx().getByte(offset + i) & 0xFF;
        int miso = slot.peripheral.exchange(mosi, segmentNs + config.wireNs(i));
        message.rx().putByte(offset + i, (byte) miso);
      }
      offset += bytes;
      segmentNs += config.wireNs(bytes) + 1000L * message.delayAfterUs(segment);
    }
    clockDeselected(8 * message.bytes(), false);
  }

  private void clockDeselected(int clocks, boolean mosiHigh) {
    for (int i = 0; i < slots.size(); i++) {
      Slot slot = slots.get(i);
      if (!slot.selected) {
        slot.peripheral.idleClocks(clocks, mosiHigh);
      }
    }
  }

  /// A wired select moved. During a transfer its chip is told later and the transfer fails.
  void selectChanged(SimPin pin) {
    if (busy.compareAndSet(false, true)) {
      try {
        applySelects(clock.nanoTime());
      } finally {
        busy.set(false);
      }
    } else {
      disturbedBy = pin;
    }
  }

  private void applySelects(long nowNs) {
    for (int i = 0; i < slots.size(); i++) {
      slots.get(i).apply(nowNs);
    }
  }

  private @Nullable Slot onlySelected() {
    for (int i = 0; i < slots.size(); i++) {
      if (slots.get(i).selected) {
        return slots.get(i);
      }
    }
    return null;
  }

  private int selectedCount() {
    int count = 0;
    for (int i = 0; i < slots.size(); i++) {
      count += slots.get(i).selected ? 1 : 0;
    }
    return count;
  }

  private String selectedNames() {
    StringBuilder names = new StringBuilder();
    for (Slot slot : slots) {
      if (slot.selected) {
        names.append(names.isEmpty() ? "" : "+").append(slot.pin.name());
      }
    }
    return names.toString();
  }

  private @Nullable Slot slotOf(SimPin pin) {
    for (Slot slot : slots) {
      if (slot.pin == pin) {
        return slot;
      }
    }
    return null;
  }

  private Failed closedResult() {
    return failed("-", Reason.CLOSED, "hal: closed (expected: open)");
  }

  private Failed failed(String device, Reason reason, String detail) {
    return new Failed(name, device, reason, detail);
  }

  void close() {
    closed = true;
  }

  /// A select pin, the chip behind it, and the select the chip knows of.
  private static final class Slot {
    final SimPin pin;
    final SimPeripheral peripheral;
    boolean selected;
    boolean fresh;

    Slot(SimPin pin, SimPeripheral peripheral) {
      this.pin = pin;
      this.peripheral = peripheral;
    }

    void apply(long nowNs) {
      if (pin.isSelected() == selected) {
        return;
      }
      selected = !selected;
      fresh = selected;
      if (selected) {
        peripheral.select(nowNs);
      } else {
        peripheral.deselect(nowNs);
      }
    }
  }
}
