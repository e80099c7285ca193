package dev.tasko.examples.station;

import dev.tasko.hal.sim.WeatherSeries;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/// Reads a card's image as a file, past all that wrote it, and compares every reading with the
/// series.
final class LogVerifier {
  /// Half a hundredth, which is what the sensor reports, and what its code cannot resolve.
  private static final double TEMPERATURE_BOUND_C = 0.011;

  /// The sensor's own resolution in forced mode is 0.18 Pa.
  private static final double PRESSURE_BOUND_HPA = 0.003;

  private static final long NS_PER_MS = 1_000_000;

  /// What was found on an image.
  ///
  /// @param readings how many
  /// @param checksum over all of them, in order
  /// @param temperatureErrorC the greatest
  /// @param pressureErrorHpa the greatest
  record Found(long readings, long checksum, double temperatureErrorC, double pressureErrorHpa) {}

  private static final int PART_BYTES = 1 << 16;

  private final WeatherSeries series;
  private final LogBlock block = new LogBlock();
  private final CRC32C crc = new CRC32C();
  private long rowNs;
  private long readings;
  private double temperatureErrorC;
  private double pressureErrorHpa;

  LogVerifier(WeatherSeries series) {
    this.series = series;
  }

  /// Verifies an image.
  ///
  /// @throws LogException if it holds no whole log, or a reading that the series does not know
  Found verify(Path image) throws IOException {
    requireFile(image);
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      if (!read(channel, 0) || !block.isSealed()) {
        throw new LogException("image: " + image + ": block 0 is no log (expected: a log)");
      }
      rowNs = block.rowMs() * NS_PER_MS;
      checkBlocks(channel, block.run());
    }
    return new Found(readings, crc.getValue(), temperatureErrorC, pressureErrorHpa);
  }

  /// Refuses to write a log over something that is neither a log nor blank. A file system may well
  /// begin with zeros, so blank means all of it.
  static void requireOverwritable(Path image) throws IOException {
    requireFile(image);
    LogBlock first = new LogBlock();
    try (FileChannel channel = FileChannel.open(image, StandardOpenOption.READ)) {
      boolean read = read(channel, 0, first);
      if (read && !first.isSealed() && !isBlank(channel)) {
        throw new IllegalArgumentException(
            "image: " + image + ": block 0 is no log (expected: a blank image or one with a log)");
      }
    }
  }

  private static boolean isBlank(FileChannel channel) throws IOException {
    ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
    ByteBuffer zeros = ByteBuffer.allocate(PART_BYTES);
    long position = 0;
    while (true) {
      int bytes = channel.read(part.clear(), position);
      if (bytes <= 0) {
        return true;
      }
      if (!part.flip().equals(zeros.clear().limit(bytes))) {
        return false;
      }
      position += bytes;
    }
  }

  private static void requireFile(Path image) {
    if (!Files.isRegularFile(image)) {
      throw new IllegalArgumentException("image: " + image + " (expected: an existing file)");
    }
  }

  private void checkBlocks(FileChannel channel, int run) throws IOException {
    int sequence = 0;
    do {
      sequence++;
      if (!read(channel, sequence) || !block.isOf(run, sequence)) {
        throw new LogException(
            "block "
                + sequence
                + ": not of this log, after "
                + readings
                + " readings (expected: its next block, or its end)");
      }
      checkBlock(sequence);
    } while (block.count() > 0);
  }

  private boolean read(FileChannel channel, long index) throws IOException {
    return read(channel, index, block);
  }

  private static boolean read(FileChannel channel, long index, LogBlock block) throws IOException {
    ByteBuffer into = ByteBuffer.wrap(block.bytes());
    long position = index * LogBlock.BYTES;
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position()) < 0) {
        return false;
      }
    }
    return true;
  }

  private void checkBlock(int sequence) throws LogException {
    crc.update(block.bytes(), LogBlock.readingOffset(0), block.count() * Reading.BYTES);
    for (int i = 0; i < block.count(); i++) {
      checkReading(sequence, i, LogBlock.readingOffset(i));
      readings++;
    }
  }

  /// The sensor looked at the air some time between begin and end, which may be in two rows.
  private void checkReading(int sequence, int index, int offset) throws LogException {
    int first = row(Reading.beginNs(block.buffer(), offset));
    int last = row(Reading.endNs(block.buffer(), offset));
    if (!agrees(first, offset) && !agrees(last, offset)) {
      throw new LogException(
          String.format(
              Locale.ROOT,
              "block %d reading %d: %.2f C %.3f hPa at row %d (expected: %.2f C %.3f hPa)",
              sequence,
              index,
              Reading.temperatureC(block.buffer(), offset),
              Reading.pressureHpa(block.buffer(), offset),
              first,
              series.temperatureC(first),
              series.pressureHpa(first)));
    }
  }

  private boolean agrees(int row, int offset) {
    double temperature =
        Math.abs(Reading.temperatureC(block.buffer(), offset) - series.temperatureC(row));
    double pressure =
        Math.abs(Reading.pressureHpa(block.buffer(), offset) - series.pressureHpa(row));
    if (temperature > TEMPERATURE_BOUND_C || pressure > PRESSURE_BOUND_HPA) {
      return false;
    }
    temperatureErrorC = Math.max(temperatureErrorC, temperature);
    pressureErrorHpa = Math.max(pressureErrorHpa, pressure);
    return true;
  }

  private int row(long elapsedNs) {
    return (int) Math.floorMod(elapsedNs / rowNs, (long) series.rows());
  }
}
