package dev.tasko.examples.station;

import dev.tasko.Loop;
import dev.tasko.hal.driver.Bme280;
import dev.tasko.hal.driver.SdCard;
import dev.tasko.resource.Lease;
import dev.tasko.resource.Mutex;
import java.util.zip.CRC32C;
import org.agrona.concurrent.UnsafeBuffer;

/// Readings that wait to be logged, and their way to the card. Allocates at construction.
final class SdLog {
  private static final int CAPACITY = 256;

  private final SdCard card;
  private final Mutex access;
  private final int run;
  private final byte[] pendingBytes = new byte[CAPACITY * Reading.BYTES];
  private final UnsafeBuffer pending = new UnsafeBuffer(pendingBytes);
  private final LogBlock block = new LogBlock();
  private final LogBlock audited = new LogBlock();
  private final CRC32C written = new CRC32C();
  private int first;
  private int count;
  private int blocks;
  private long readings;

  SdLog(Loop loop, SdCard card, int run) {
    this.card = card;
    access = new Mutex(loop, "card");
    this.run = run;
  }

  /// Writes the first block. Suspends.
  void begin(long rowMs) {
    block.begin(run, rowMs);
    write(0);
  }

  /// Writes the last block, without readings, so that a log that breaks off is told from a whole
  /// one. Suspends.
  void end() {
    block.fill(run, blocks + 1, 0);
    block.seal();
    write(blocks + 1L);
  }

  /// A card's driver is one task's at a time, over many turns on the bus.
  private void write(long index) {
    try (Lease<Mutex> _ = access.acquire()) {
      card.writeBlock(index, block.buffer(), 0);
    }
  }

  /// Reads the latest block back. Suspends.
  ///
  /// @throws IllegalStateException if it is not what was written
  void audit() {
    try (Lease<Mutex> _ = access.acquire()) {
      int latest = blocks;
      card.readBlock(latest, audited.buffer(), 0);
      if (!audited.isOf(run, latest)) {
        throw new IllegalStateException(
            "log: block " + latest + ": reads otherwise (expected: as it was written)");
      }
    }
  }

  void add(long beginNs, long endNs, Bme280 sensor, int origin) {
    if (count == CAPACITY) {
      throw new IllegalStateException(
          "log: " + count + " readings wait (expected: room; is the card stuck?)");
    }
    int slot = (first + count) % CAPACITY;
    Reading.write(pending, slot * Reading.BYTES, beginNs, endNs, sensor, origin);
    count++;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// Writes what waits, up to a block. Suspends.
  ///
  /// @return how many readings are on the card now that were not before
  int writeBlock() {
    int taken = Math.min(count, LogBlock.READINGS);
    block.fill(run, blocks + 1, taken);
    for (int i = 0; i < taken; i++) {
      int from = (first + i) % CAPACITY * Reading.BYTES;
      block.buffer().putBytes(LogBlock.readingOffset(i), pendingBytes, from, Reading.BYTES);
    }
    block.seal();
    write(blocks + 1L);
    written.update(block.bytes(), LogBlock.readingOffset(0), taken * Reading.BYTES);
    blocks++;
    readings += taken;
    first = (first + taken) % CAPACITY;
    count -= taken;
    return taken;
  }

  int pending() {
    return count;
  }

  int blocks() {
    return blocks;
  }

  long readings() {
    return readings;
  }

  /// A check sum over every reading that the card has acknowledged, in order.
  long checksum() {
    return written.getValue();
  }
}
