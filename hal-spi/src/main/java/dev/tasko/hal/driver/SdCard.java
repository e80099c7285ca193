package dev.tasko.hal.driver;

import dev.tasko.hal.SpiConfig;
import dev.tasko.hal.SpiDevice;
import dev.tasko.hal.SpiMessage;
import dev.tasko.hal.TransferResult;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/// Driver of an SD card in SPI mode: blocks of 512 bytes, check sums on, one block at a time.
///
/// Source: SD Specifications, Part 1, Physical Layer Simplified, chapter 7.
///
/// ```text
///   new SdCard(device) ──start()──► ready ──readBlock, writeBlock──► ready
///
///   a write:  [select  CMD24  R1  FE data crc  response  deselect]  wait  [select  busy?  deselect]  wait …
///                                                                  └── others use the bus ──┘
/// ```
///
/// A card answers when it likes, and a bus cannot read "until". So the driver reads in messages of
/// fixed length and keeps a place in the last one: an answer may begin in one message and end in
/// the next, and a token may follow the answer within the same. What was clocked beyond the end of
/// a block is ones, which the card ignores.
///
/// While the card programs a block it is deselected, and looked at again after a growing wait; the
/// bus is free between looks. While it fetches a block to read, it must stay selected: for that
/// time, at most 100 ms and mostly below 2 ms, the bus is held.
///
/// Whether the block was stored well, the card is asked afterwards.
///
/// A block whose check sum is wrong, in either direction, is transferred again, three times in all.
///
/// A task that is cancelled, or whose time is over, during a write: nothing is cut off on the wire,
/// so the block holds its old content or the new, and never else. If the card has taken the new,
/// the next start, read or write, by whatever task, first waits until it is stored. The next task
/// begins when the other has ended, since a cancelled task may still be finishing on the wire.
///
/// Thread: one task at a time. Allocates: at construction and for a failure.
public final class SdCard {
  /// The length of a block.
  public static final int BLOCK_BYTES = 512;

  private static final int POWER_UP_CLOCKS = 80;
  private static final int RELEASE_CLOCKS = 8;
  private static final int IDENTIFY_HZ = 400_000;
  private static final int MAX_HZ = 25_000_000;
  private static final int FRAME_BYTES = 6;
  private static final int ANSWER_WAIT_BYTES = 8;
  private static final int CHUNK_BYTES = 16;
  private static final int REGISTER_BYTES = 16;
  private static final int ATTEMPTS = 3;
  private static final int R1_IDLE = 0x01;
  private static final int R1_ILLEGAL = 0x04;
  private static final int R1_CRC = 0x08;
  private static final int TOKEN = 0xFE;
  private static final int ACCEPTED = 0x05;
  private static final int REJECTED_CRC = 0x0B;
  private static final int HCS = 0x4000_0000;
  private static final int CHECK_PATTERN = 0x1AA;
  private static final int WRITE_TOKEN_AT = 1;
  private static final int WRITE_DATA_AT = 2;
  private static final int WRITE_RESPONSE_AT = WRITE_DATA_AT + BLOCK_BYTES + 2;
  private static final long NONE = -1;
  private static final long RESET_TRY_NS = 1_000_000;
  private static final int RESET_TRIES = 10;
  private static final long OPERATE_TRY_NS = 5_000_000;
  private static final long OPERATE_LIMIT_NS = 1_000_000_000;
  private static final long READ_LIMIT_NS = 100_000_000;
  private static final long BUSY_LIMIT_NS = 500_000_000;
  private static final long BUSY_FIRST_NS = 250_000;
  private static final long BUSY_MOST_NS = 4_000_000;

  private final SpiDevice device;
  private final SpiConfig fast;
  private final SpiConfig slow;
  private final SpiMessage command;
  private final SpiMessage chunk;
  private final SpiMessage block;
  private final SpiMessage write;
  private final UnsafeBuffer register = new UnsafeBuffer(new byte[REGISTER_BYTES]);
  private UnsafeBuffer stream;
  private int streamIndex;
  private int streamBytes;
  private boolean started;
  private boolean blockAddressed;
  private long blocks;

  /// The block that the card was given last and has not been seen to have stored.
  private long storing = NONE;

  /// Prepares the driver's messages; nothing is sent yet.
  ///
  /// @param device where the card is. Its clock is used, up to 25 MHz, once the card is ready; its
  ///   clocks after deselect are set to the 8 that a card needs
  /// @throws IllegalArgumentException if the device cannot stay selected between messages
  public SdCard(SpiDevice device) {
    if (!device.capabilities().holdSelect()) {
      throw new IllegalArgumentException(
          "device: " + device.name() + " cannot hold its select (expected: one that can)");
    }
    this.device = device;
    SpiConfig given = device.config();
    int releaseClocks = device.capabilities().idleClocks() ? RELEASE_CLOCKS : 0;
    this.fast = new SpiConfig(Math.min(given.clockHz(), MAX_HZ), given.mode(), releaseClocks);
    this.slow = new SpiConfig(Math.min(given.clockHz(), IDENTIFY_HZ), given.mode(), releaseClocks);
    this.command = ones(FRAME_BYTES + ANSWER_WAIT_BYTES + 1);
    this.chunk = ones(CHUNK_BYTES);
    this.block = ones(BLOCK_BYTES + 2);
    this.write = ones(WRITE_RESPONSE_AT + ANSWER_WAIT_BYTES);
    this.stream = command.rx();
  }

  private SpiMessage ones(int bytes) {
    SpiMessage message = device.prepare(bytes);
    message.tx().setMemory(0, bytes, (byte) 0xFF);
    return message;
  }

  /// Wakes the card, makes it check sums, waits until it is ready and asks its size.
  ///
  /// @throws DriverException naming the step that the card did not pass
  /// @throws dev.tasko.hal.HalException if the bus fails
  public void start() {
    started = false;
    device.configure(slow);
    if (storing != NONE) {
      awaitStored(storing);
      storing = NONE; // how it went, a card that may have lost its power does not know
    }
    reset();
    boolean secondVersion = checkVoltage();
    expect("CMD59", single(59, 1), R1_IDLE);
    operate(secondVersion ? HCS : 0);
    blockAddressed = secondVersion && readsBlockAddressing();
    device.configure(fast);
    if (!blockAddressed) {
      expect("CMD16", single(16, BLOCK_BYTES), 0);
    }
    readSize();
    started = true;
  }

  /// Each try begins with the clocks of the power-up: on a shared bus another device's message may
  /// come between them and the command, and a card that is not yet in SPI mode hears it.
  private void reset() {
    int answer = 0xFF;
    for (int tries = 0; tries < RESET_TRIES && answer != R1_IDLE; tries++) {
      if (tries > 0) {
        device.delayNs(RESET_TRY_NS);
      }
      if (device.capabilities().idleClocks()) {
        device.idleClocks(POWER_UP_CLOCKS).orThrow();
      }
      answer = goIdle();
    }
    expect("CMD0", answer, R1_IDLE);
  }

  /// A card that still stores what was written by somebody else does not hear the command.
  private int goIdle() {
    long startNs = device.clock().nanoTime();
    while (true) {
      boolean last = device.clock().nanoTime() - startNs > BUSY_LIMIT_NS;
      try {
        return single(0, 0);
      } catch (DriverException busy) {
        if (last) {
          throw busy;
        }
        device.delayNs(BUSY_MOST_NS);
      }
    }
  }

  /// Returns whether the card knows CMD8, which tells the second version from the first.
  private boolean checkVoltage() {
    int answer;
    int echo = 0;
    try (SpiDevice.Selection card = device.select()) {
      answer = send(card, 8, CHECK_PATTERN);
      if (answer == R1_IDLE) {
        echo = next32(card);
      }
    }
    if (answer == (R1_IDLE | R1_ILLEGAL)) {
      return false;
    }
    expect("CMD8", answer, R1_IDLE);
    if ((echo & 0xFFF) != CHECK_PATTERN) {
      throw failure("CMD8", "echo 0x%03x (expected: 0x1aa)".formatted(echo & 0xFFF));
    }
    return true;
  }

  private void operate(int argument) {
    long startNs = device.clock().nanoTime();
    while (true) {
      long elapsedNs = device.clock().nanoTime() - startNs;
      int prefix = single(55, 0);
      if ((prefix & ~R1_IDLE) != 0) {
        expect("CMD55", prefix, R1_IDLE);
      }
      int answer = single(41, argument);
      if (answer == 0) {
        return;
      }
      expect("ACMD41", answer, R1_IDLE);
      if (elapsedNs > OPERATE_LIMIT_NS) {
        throw failure(
            "ACMD41", "idle after %d ns (expected: ready within 1 s)".formatted(elapsedNs));
      }
      device.delayNs(OPERATE_TRY_NS);
    }
  }

  private boolean readsBlockAddressing() {
    int answer;
    int conditions = 0;
    try (SpiDevice.Selection card = device.select()) {
      answer = send(card, 58, 0);
      if (answer == 0) {
        conditions = next32(card);
      }
    }
    expect("CMD58", answer, 0);
    if (conditions >= 0) {
      throw failure("CMD58", "0x%08x (expected: bit 31, powered up)".formatted(conditions));
    }
    return (conditions & HCS) != 0;
  }

  private void readSize() {
    for (int attempt = 1; !readData("CMD9", 9, 0, register, 0, REGISTER_BYTES); attempt++) {
      if (attempt == ATTEMPTS) {
        throw failure("CMD9", "bad check sum " + ATTEMPTS + " times (expected: a good one)");
      }
    }
    blocks = (register.getByte(0) & 0xC0) == 0 ? firstVersionBlocks() : secondVersionBlocks();
  }

  /// Bits 83 to 80, 73 to 62 and 49 to 47 of the register.
  private long firstVersionBlocks() {
    int lengthBits = bits(80, 4);
    int multiplierBits = bits(47, 3) + 2;
    return ((bits(62, 12) + 1L) << (multiplierBits + lengthBits)) / BLOCK_BYTES;
  }

  /// Bits 69 to 48, in units of 512 KiB.
  private long secondVersionBlocks() {
    return (bits(48, 22) + 1L) * 1024;
  }

  /// Reads a field of the register; bit 0 is the last of its last byte.
  private int bits(int lowest, int count) {
    int value = 0;
    for (int bit = lowest + count - 1; bit >= lowest; bit--) {
      int here = register.getByte(REGISTER_BYTES - 1 - bit / 8) >> bit % 8 & 1;
      value = value << 1 | here;
    }
    return value;
  }

  /// Returns the capacity found by [#start].
  ///
  /// @return blocks of 512 bytes
  public long blocks() {
    return blocks;
  }

  /// Returns whether the card counts blocks rather than bytes on the wire.
  ///
  /// @return true for high-capacity cards
  public boolean isBlockAddressed() {
    return blockAddressed;
  }

  /// Reads one block.
  ///
  /// @param index 0 to [#blocks] - 1
  /// @param into where its 512 bytes go
  /// @param offset of the first
  /// @throws IllegalArgumentException if the block is beyond the card
  /// @throws DriverException naming the step that the card did not pass
  /// @throws dev.tasko.hal.HalException if the bus fails
  public void readBlock(long index, MutableDirectBuffer into, int offset) {
    requireBlock("readBlock", index);
    into.boundsCheck(offset, BLOCK_BYTES);
    awaitBrokenWrite();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      if (readData("CMD17", 17, address(index), into, offset, BLOCK_BYTES)) {
        return;
      }
    }
    throw failure(
        "CMD17",
        "block %d: bad check sum %d times (expected: a good one)".formatted(index, ATTEMPTS));
  }

  /// Writes one block and returns when the card has stored it.
  ///
  /// @param index 0 to [#blocks] - 1
  /// @param from where its 512 bytes are
  /// @param offset of the first
  /// @throws IllegalArgumentException if the block is beyond the card
  /// @throws DriverException naming the step that the card did not pass
  /// @throws dev.tasko.hal.HalException if the bus fails
  public void writeBlock(long index, DirectBuffer from, int offset) {
    requireBlock("writeBlock", index);
    awaitBrokenWrite();
    fillWrite(from, offset);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int response = writeData(index);
      if (response == ACCEPTED) {
        finishWrite();
        return;
      }
      storing = NONE;
      if (response != REJECTED_CRC) {
        throw failure(
            "CMD24", "block %d: response 0x%02x (expected: 0x05)".formatted(index, response));
      }
    }
    throw failure(
        "CMD24",
        "block %d: check sum refused %d times (expected: accepted)".formatted(index, ATTEMPTS));
  }

  private void requireBlock(String step, long index) {
    if (!started) {
      throw new IllegalStateException(step + ": not started (expected: start() first)");
    }
    if (index < 0 || index >= blocks) {
      throw new IllegalArgumentException(
          "block: " + index + " (expected: 0 to " + (blocks - 1) + ")");
    }
  }

  private int address(long index) {
    return (int) (blockAddressed ? index : index * BLOCK_BYTES);
  }

  private void fillWrite(DirectBuffer from, int offset) {
    UnsafeBuffer tx = write.tx();
    tx.putByte(WRITE_TOKEN_AT, (byte) TOKEN);
    tx.putBytes(WRITE_DATA_AT, from, offset, BLOCK_BYTES);
    int crc = SdChecksum.data(0, tx, WRITE_DATA_AT, BLOCK_BYTES);
    tx.putByte(WRITE_DATA_AT + BLOCK_BYTES, (byte) (crc >> 8));
    tx.putByte(WRITE_DATA_AT + BLOCK_BYTES + 1, (byte) crc);
  }

  /// Sends the command and the prepared block; returns the card's response to the data.
  private int writeData(long index) {
    try (SpiDevice.Selection card = device.select()) {
      int answer = send(card, 24, address(index));
      if (answer == R1_CRC) {
        return REJECTED_CRC;
      }
      expect("CMD24", answer, 0);
      card.transfer(write).orThrow();
      storing = index; // as far as is known; what comes now may fail
    }
    for (int i = WRITE_RESPONSE_AT; i < write.bytes(); i++) {
      int value = write.rx().getByte(i) & 0xFF;
      if (value != 0xFF) {
        return value & 0x1F;
      }
    }
    throw failure("CMD24", "block %d: no response to the data (expected: 0x05)".formatted(index));
  }

  /// Of a task that did not wait until the end.
  private void awaitBrokenWrite() {
    if (storing != NONE) {
      finishWrite();
    }
  }

  private void finishWrite() {
    long index = storing;
    awaitStored(index);
    int status = readStatus();
    storing = NONE;
    if (status != 0) {
      throw failure(
          "CMD13", "block %d: status 0x%04x (expected: 0, stored)".formatted(index, status));
    }
  }

  /// Returns R1 in the high byte, and what the card found wrong since it was asked last in the low.
  private int readStatus() {
    try (SpiDevice.Selection card = device.select()) {
      int answer = send(card, 13, 0);
      return answer << 8 | next(card);
    }
  }

  /// Looks at the card now and then, deselected in between, until it is no longer busy. A look that
  /// came late, because others kept the loop or the bus, is no fault of the card: the last one
  /// begins after the limit.
  private void awaitStored(long index) {
    long startNs = device.clock().nanoTime();
    long waitNs = BUSY_FIRST_NS;
    while (true) {
      device.delayNs(waitNs);
      long elapsedNs = device.clock().nanoTime() - startNs;
      device.transfer(chunk).orThrow();
      if (chunk.rx().getByte(CHUNK_BYTES - 1) == (byte) 0xFF) {
        return;
      }
      if (elapsedNs > BUSY_LIMIT_NS) {
        storing = NONE;
        throw failure(
            "busy",
            "block %d: after %d ns (expected: stored within 500 ms)".formatted(index, elapsedNs));
      }
      waitNs = Math.min(2 * waitNs, BUSY_MOST_NS);
    }
  }

  /// Reads what a command sends as data. Returns false if a check sum was wrong on the way.
  private boolean readData(
      String step, int number, int argument, MutableDirectBuffer into, int offset, int bytes) {
    try (SpiDevice.Selection card = device.select()) {
      int answer = send(card, number, argument);
      if (answer == R1_CRC) {
        return false;
      }
      expect(step, answer, 0);
      awaitToken(step, card);
      int crc = copyData(card, into, offset, bytes);
      return crc == (next(card) << 8 | next(card));
    }
  }

  private void awaitToken(String step, SpiDevice.Selection card) {
    long startNs = device.clock().nanoTime();
    boolean last = false;
    int value = next(card);
    while (value == 0xFF) {
      if (streamIndex == streamBytes) {
        if (last) {
          throw failure(step, "no data after 100 ms (expected: token 0xfe)");
        }
        last = device.clock().nanoTime() - startNs > READ_LIMIT_NS;
      }
      value = next(card);
    }
    if (value != TOKEN) {
      throw failure(step, "token 0x%02x (expected: 0xfe)".formatted(value));
    }
  }

  /// Takes what the last message holds already, then the rest in one message; returns the check
  /// sum.
  private int copyData(SpiDevice.Selection card, MutableDirectBuffer into, int offset, int bytes) {
    int had = Math.min(streamBytes - streamIndex, bytes);
    into.putBytes(offset, stream, streamIndex, had);
    streamIndex += had;
    if (had < bytes) {
      read(card, block);
      into.putBytes(offset + had, stream, 0, bytes - had);
      streamIndex = bytes - had;
    }
    return SdChecksum.data(0, into, offset, bytes);
  }

  /// One command in a selection of its own; returns its answer.
  private int single(int number, int argument) {
    try (SpiDevice.Selection card = device.select()) {
      return send(card, number, argument);
    }
  }

  /// Sends a frame and returns the first byte of the answer, 0xFF for none.
  private int send(SpiDevice.Selection card, int number, int argument) {
    UnsafeBuffer tx = command.tx();
    tx.putByte(0, (byte) (0x40 | number));
    tx.putByte(1, (byte) (argument >> 24));
    tx.putByte(2, (byte) (argument >> 16));
    tx.putByte(3, (byte) (argument >> 8));
    tx.putByte(4, (byte) argument);
    tx.putByte(5, (byte) SdChecksum.frameEnd(tx, 0, 5));
    read(card, command);
    if (stream.getByte(FRAME_BYTES - 1) == 0) {
      throw failure("CMD" + number, "busy (expected: idle; the card did not hear the command)");
    }
    streamIndex = FRAME_BYTES;
    int answer = 0xFF;
    for (int i = 0; i <= ANSWER_WAIT_BYTES && (answer & 0x80) != 0; i++) {
      answer = next(card);
    }
    return answer;
  }

  private int next32(SpiDevice.Selection card) {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = value << 8 | next(card);
    }
    return value;
  }

  /// Returns the card's next byte, clocking more out of it when the last message is used up.
  private int next(SpiDevice.Selection card) {
    if (streamIndex == streamBytes) {
      read(card, chunk);
    }
    return stream.getByte(streamIndex++) & 0xFF;
  }

  private void read(SpiDevice.Selection card, SpiMessage message) {
    TransferResult result = card.transfer(message);
    result.orThrow();
    stream = message.rx();
    streamIndex = 0;
    streamBytes = message.bytes();
  }

  private void expect(String step, int answer, int expected) {
    if (answer != expected) {
      throw failure(step, "answer 0x%02x (expected: 0x%02x)".formatted(answer, expected));
    }
  }

  private DriverException failure(String step, String detail) {
    return new DriverException(device.name(), step, detail);
  }
}
