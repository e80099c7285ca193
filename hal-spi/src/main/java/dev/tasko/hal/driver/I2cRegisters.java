package dev.tasko.hal.driver;

import dev.tasko.hal.I2cDevice;
import org.agrona.concurrent.UnsafeBuffer;

/// Registers over I2C: the address is written, and what it holds is read after a repeated start.
final class I2cRegisters implements Registers {
  private final I2cDevice device;

  I2cRegisters(I2cDevice device) {
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
    UnsafeBuffer out = bufferOf(register);
    UnsafeBuffer in = new UnsafeBuffer(new byte[bytes]);
    return () -> {
      device.writeRead(out, 1, in, bytes).orThrow();
      return in;
    };
  }

  @Override
  public Access writing(int... registersAndValues) {
    UnsafeBuffer out = bufferOf(registersAndValues);
    return () -> {
      device.write(out, out.capacity()).orThrow();
      return out;
    };
  }

  private static UnsafeBuffer bufferOf(int... values) {
    UnsafeBuffer buffer = new UnsafeBuffer(new byte[values.length]);
    for (int i = 0; i < values.length; i++) {
      buffer.putByte(i, (byte) values[i]);
    }
    return buffer;
  }
}
