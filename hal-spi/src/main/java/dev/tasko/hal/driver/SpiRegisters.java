package dev.tasko.hal.driver;

import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/// Bosch's registers over SPI: the top bit of the address says that it is read.
final class SpiRegisters implements Registers {
  private static final int READ = 0x80;

  private final SpiDevice device;

  SpiRegisters(SpiDevice device) {
    this.device = device;
  }

  @Override
  public String name() {
    return device.name();
  }

  @Override
  public void delayNs(long delayNs) {
    device.delayNs(delayNs);
  }

  @Override
  public Access reading(int register, int bytes) {
    SpiMessage message = device.prepare(1 + bytes);
    message.tx().putByte(0, (byte) (register | READ));
    return access(message, new UnsafeBuffer(message.rx(), 1, bytes));
  }

  @Override
  public Access writing(int... registersAndValues) {
    SpiMessage message = device.prepare(registersAndValues.length);
    for (int i = 0; i < registersAndValues.length; i++) {
      int value = registersAndValues[i];
      message.tx().putByte(i, (byte) (i % 2 == 0 ? value & ~READ : value));
    }
    return access(message, message.rx());
  }

  private Access access(SpiMessage message, DirectBuffer read) {
    return () -> {
      device.transfer(message).orThrow();
      return read;
    };
  }
}
