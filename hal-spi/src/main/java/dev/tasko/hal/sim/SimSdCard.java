package dev.tasko.hal.sim;

import dev.tasko.hal.SpiConfig;
import java.io.IOException;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// A simulated SD card in SPI mode (SD Specifications, Part 1, Physical Layer Simplified, chapter
/// 7).
///
/// ```text
///             74 clocks,           CMD8, then ACMD41
///             CMD0                 until it answers 00
///   unpowered ────────► idle (01) ─────────────────────► ready (00)
///
///   while ready, and selected:
///   COMMAND ──CMD17,18──► READING ──── 512 bytes and CRC ──► COMMAND   (CMD18: READING, until CMD12)
///   COMMAND ──CMD24,25──► TOKEN ──FE,FC──► RECEIVING ── response, busy ──► COMMAND   (CMD25: TOKEN)
/// ```
///
/// Each byte is exchanged by itself: what the card sends is fixed before it sees what the host
/// sends. Strict where a host may be sloppy:
///
/// - no answer before 74 clocks with select and data line high, counted from power-up;
/// - at most 400 kHz until ready;
/// - check sums of frames for CMD0 and CMD8 always, for all frames and for data after CMD59(1);
/// - the answer comes after 0 to 8 bytes, data after a drawn time, and writing keeps the card busy;
/// - a frame, a read or a write that select cuts off is dropped; only a write whose data have been
///   taken goes on;
/// - while busy it hears nothing, and a byte of its data line is low whenever it is selected;
/// - CMD12 is followed by a byte that looks like an answer and is none;
/// - a block card does not become ready for a host that has not said CMD8 and its HCS bit;
/// - after select has risen it drives the data line for 8 more clocks.
///
/// Thread: that of the bus. Allocates: no.
public final class SimSdCard implements SimPeripheral, AutoCloseable {
  private static final int BLOCK_BYTES = CardStore.BLOCK_BYTES;
  private static final int POWER_UP_CLOCKS = 74;
  private static final int IDENTIFY_HZ = 400_000;
  private static final int MAX_HZ = 25_000_000;
  private static final int R1_IDLE = 0x01;
  private static final int R1_ILLEGAL = 0x04;
  private static final int R1_CRC = 0x08;
  private static final int R1_ADDRESS = 0x20;
  private static final int R1_PARAMETER = 0x40;
  private static final int TOKEN_BLOCK = 0xFE;
  private static final int TOKEN_MULTI = 0xFC;
  private static final int TOKEN_STOP = 0xFD;
  private static final int ERROR_GENERAL = 0x01;
  private static final int STATUS_ERROR = 0x04;
  private static final int ERROR_OUT_OF_RANGE = 0x08;
  private static final int ACCEPTED = 0xE5;
  private static final int CRC_REJECTED = 0xEB;
  private static final int WRITE_FAILED = 0xED;
  private static final long FOREVER_NS = Long.MAX_VALUE / 4;

  /// What the card is doing apart from answering.
  private enum Phase {
    COMMAND,
    READING,
    TOKEN,
    RECEIVING
  }

  private final CardStore store;
  private final boolean blockAddressed;
  private final boolean strictPowerUp;
  private final SplittableRandom random;

  private boolean clockedSinceSelect;
  private boolean holdsMiso;
  private long powerUpClocks;
  private boolean spiMode;
  private boolean ready;
  private boolean knowsCmd8;
  private boolean checksCrc;
  private boolean applicationNext;
  private boolean initializing;
  private long readyAtNs;

  private Phase phase = Phase.COMMAND;
  private boolean multiple;
  private long block;
  private final byte[] frame = new byte[6];
  private int frameBytes;
  private final AnswerQueue answer = new AnswerQueue();
  private final byte[] data = new byte[BLOCK_BYTES + 2];
  private int dataBytes;
  private int dataIndex;
  private long dataAtNs;
  private boolean tokenSent;
  private int errorToken;
  private boolean busy;
  private long busyUntilNs;

  private int corruptReads;
  private int corruptWrites;
  private int failWrites;
  private int failPrograms;
  private int status;
  private long nextBusyNs = -1;

  SimSdCard(CardStore store, boolean blockAddressed, boolean strictPowerUp, long seed) {
    this.store = store;
    this.blockAddressed = blockAddressed;
    this.strictPowerUp = strictPowerUp;
    this.random = new SplittableRandom(seed ^ 0x5DCA);
  }

  /// Returns the capacity.
  ///
  /// @return blocks of 512 bytes
  public long blocks() {
    return store.blocks();
  }

  /// Returns whether the card was storing a block when it last heard a clock.
  ///
  /// @return true from the response to a write until the first look after it is stored
  public boolean isBusy() {
    return busy;
  }

  /// Makes the next blocks read from the card arrive with a flipped bit.
  ///
  /// @param count how many
  public void injectCorruptReads(int count) {
    corruptReads = count;
  }

  /// Makes the next blocks written to the card arrive with a flipped bit.
  ///
  /// @param count how many
  public void injectCorruptWrites(int count) {
    corruptWrites = count;
  }

  /// Makes the next writes fail inside the card.
  ///
  /// @param count how many
  public void injectWriteErrors(int count) {
    failWrites = count;
  }

  /// Makes the next writes be taken and then not be stored, which only the status tells (CMD13).
  ///
  /// @param count how many
  public void injectProgramErrors(int count) {
    failPrograms = count;
  }

  /// Sets how long the card is busy after the next write.
  ///
  /// @param busyNs how long; [Long#MAX_VALUE] for ever
  public void injectBusy(long busyNs) {
    nextBusyNs = Math.min(busyNs, FOREVER_NS);
  }

  /// Takes the power away and gives it back: the content stays, all else is forgotten.
  public void powerCycle() {
    powerUpClocks = 0;
    spiMode = false;
    holdsMiso = false;
    busy = false;
    forgetSession();
  }

  private void forgetSession() {
    ready = false;
    knowsCmd8 = false;
    checksCrc = false;
    applicationNext = false;
    initializing = false;
    status = 0;
    abort();
  }

  private void abort() {
    phase = Phase.COMMAND;
    multiple = false;
    frameBytes = 0;
    answer.clear();
  }

  @Override
  public void select(long nowNs) {
    clockedSinceSelect = false;
    holdsMiso = false;
  }

  @Override
  public void deselect(long nowNs) {
    holdsMiso = clockedSinceSelect;
    abort();
  }

  @Override
  public void idleClocks(int clocks, boolean mosiHigh) {
    powerUpClocks = mosiHigh ? powerUpClocks + clocks : 0;
    holdsMiso &= clocks < 8;
  }

  @Override
  public boolean holdsMiso() {
    return holdsMiso;
  }

  @Override
  public @Nullable String refusal(SpiConfig spi) {
    if (spi.mode() != 0 && spi.mode() != 3) {
      return "mode: " + spi.mode() + " (expected: 0 or 3)";
    }
    int limitHz = ready ? MAX_HZ : IDENTIFY_HZ;
    if (spi.clockHz() > limitHz) {
      return "clockHz: " + spi.clockHz() + " (expected: at most " + limitHz + ")";
    }
    return null;
  }

  @Override
  public int exchange(int mosi, long nowNs) {
    clockedSinceSelect = true;
    if (busy && busyUntilNs - nowNs > 0 && answer.isEmpty()) {
      return 0x00;
    }
    busy &= busyUntilNs - nowNs > 0;
    int miso = send(nowNs);
    receive(mosi, nowNs);
    return miso;
  }

  private int send(long nowNs) {
    if (!answer.isEmpty()) {
      return answer.take();
    }
    return phase == Phase.READING && dataAtNs - nowNs <= 0 ? sendData(nowNs) : 0xFF;
  }

  private int sendData(long nowNs) {
    if (!tokenSent) {
      tokenSent = true;
      if (errorToken != 0) {
        phase = Phase.COMMAND;
        return errorToken;
      }
      return TOKEN_BLOCK;
    }
    int value = data[dataIndex++] & 0xFF;
    if (dataIndex == dataBytes + 2) {
      endOfBlockSent(nowNs);
    }
    return value;
  }

  private void endOfBlockSent(long nowNs) {
    if (multiple) {
      startBlock(block + 1, nowNs);
    } else {
      phase = Phase.COMMAND;
    }
  }

  private void receive(int mosi, long nowNs) {
    if (phase == Phase.TOKEN) {
      receiveToken(mosi, nowNs);
    } else if (phase == Phase.RECEIVING) {
      receiveData(mosi, nowNs);
    } else if (!busy) {
      receiveFrame(mosi, nowNs);
    }
  }

  private void receiveFrame(int mosi, long nowNs) {
    if (frameBytes == 0 && (mosi & 0xC0) != 0x40) {
      return;
    }
    frame[frameBytes++] = (byte) mosi;
    if (frameBytes == frame.length) {
      frameBytes = 0;
      obey(nowNs);
    }
  }

  private void obey(long nowNs) {
    int command = frame[0] & 0x3F;
    boolean crcGood = (frame[5] & 0xFF) == SdCrc.sealed(frame, 5);
    if (!spiMode) {
      enterSpiMode(command, crcGood);
      return;
    }
    if (!crcGood && (checksCrc || command == 0 || command == 8)) {
      applicationNext = false;
      answerR1(R1_CRC);
      return;
    }
    boolean application = applicationNext;
    applicationNext = false;
    if (application && command == 41) {
      operate(argument(), nowNs);
    } else if (ready) {
      obeyReady(command, nowNs);
    } else {
      obeyIdle(command);
    }
  }

  private void enterSpiMode(int command, boolean crcGood) {
    boolean poweredUp = !strictPowerUp || powerUpClocks >= POWER_UP_CLOCKS;
    if (command == 0 && crcGood && poweredUp) {
      reset();
    }
  }

  private void reset() {
    forgetSession();
    spiMode = true;
    answerR1(0);
  }

  private void obeyIdle(int command) {
    switch (command) {
      case 0 -> reset();
      case 8 -> checkVoltage();
      case 55 -> expectApplication();
      case 58 -> answerOcr();
      case 59 -> setCrc();
      default -> answerR1(R1_ILLEGAL);
    }
  }

  private void obeyReady(int command, long nowNs) {
    switch (command) {
      case 9 -> sendRegister(CardRegisters.csd(blocks(), blockAddressed, data), nowNs);
      case 10 -> sendRegister(CardRegisters.cid(data), nowNs);
      case 12 -> stopReading();
      case 13 -> answerStatus();
      case 16 -> answerR1(argument() == BLOCK_BYTES || blockAddressed ? 0 : R1_PARAMETER);
      case 17 -> startReading(false, nowNs);
      case 18 -> startReading(true, nowNs);
      case 24 -> startWriting(false);
      case 25 -> startWriting(true);
      default -> obeyIdle(command);
    }
  }

  private void checkVoltage() {
    knowsCmd8 = true;
    answerR1(0);
    answer.add(0);
    answer.add(0);
    answer.add((frame[3] & 0x0F) == 1 ? 1 : 0);
    answer.add(frame[4]);
  }

  private void expectApplication() {
    applicationNext = true;
    answerR1(0);
  }

  private void setCrc() {
    checksCrc = (frame[4] & 1) != 0;
    answerR1(0);
  }

  /// ACMD41: the first starts the card's own preparation, a later one finds it done.
  private void operate(long argument, long nowNs) {
    boolean hostTakesBlocks = knowsCmd8 && (argument & 1L << 30) != 0;
    if (!ready && (hostTakesBlocks || !blockAddressed)) {
      if (!initializing) {
        initializing = true;
        readyAtNs = nowNs + random.nextLong(5_000_000, 200_000_001);
      } else {
        ready = readyAtNs - nowNs <= 0;
      }
    }
    answerR1(0);
  }

  private void answerOcr() {
    answerR1(0);
    answer.add((ready ? 0x80 : 0) | (ready && blockAddressed ? 0x40 : 0));
    answer.add(0xFF);
    answer.add(0x80);
    answer.add(0);
  }

  private void answerStatus() {
    answerR1(0);
    answer.add(status);
    status = 0;
  }

  private void stopReading() {
    abort();
    answer.add(0x7F);
    appendR1(0);
  }

  private void startReading(boolean many, long nowNs) {
    if (acceptsAddress()) {
      multiple = many;
      startBlock(blockOfArgument(), nowNs);
    }
  }

  private void startBlock(long newBlock, long nowNs) {
    block = newBlock;
    errorToken = loadBlock();
    sealData(BLOCK_BYTES);
    if (corruptReads > 0) {
      corruptReads--;
      data[100] ^= 0x10;
    }
    expectRead(nowNs + random.nextLong(50_000, 1_500_001));
  }

  private int loadBlock() {
    if (block >= blocks()) {
      return ERROR_OUT_OF_RANGE;
    }
    try {
      store.read(block, data);
      return 0;
    } catch (IOException e) {
      return ERROR_GENERAL;
    }
  }

  private void sendRegister(int bytes, long nowNs) {
    answerR1(0);
    errorToken = 0;
    multiple = false;
    sealData(bytes);
    expectRead(nowNs + random.nextLong(10_000, 100_001));
  }

  private void sealData(int bytes) {
    dataBytes = bytes;
    int crc = SdCrc.data(data, bytes);
    data[bytes] = (byte) (crc >> 8);
    data[bytes + 1] = (byte) crc;
  }

  private void expectRead(long atNs) {
    phase = Phase.READING;
    dataIndex = 0;
    tokenSent = false;
    dataAtNs = atNs;
  }

  private void startWriting(boolean many) {
    if (acceptsAddress()) {
      multiple = many;
      block = blockOfArgument();
      phase = Phase.TOKEN;
    }
  }

  /// Answers a command that carries an address.
  private boolean acceptsAddress() {
    boolean aligned = blockAddressed || argument() % BLOCK_BYTES == 0;
    boolean inside = blockOfArgument() < blocks();
    answerR1(!aligned ? R1_ADDRESS : !inside ? R1_PARAMETER : 0);
    return aligned && inside;
  }

  private long blockOfArgument() {
    return blockAddressed ? argument() : argument() / BLOCK_BYTES;
  }

  private void receiveToken(int mosi, long nowNs) {
    if (busy || !answer.isEmpty()) {
      return;
    }
    if (mosi == (multiple ? TOKEN_MULTI : TOKEN_BLOCK)) {
      phase = Phase.RECEIVING;
      dataIndex = 0;
    } else if (multiple && mosi == TOKEN_STOP) {
      abort();
      answer.add(0xFF);
      becomeBusy(nowNs);
    }
  }

  private void receiveData(int mosi, long nowNs) {
    data[dataIndex++] = (byte) mosi;
    if (dataIndex == BLOCK_BYTES + 2) {
      finishWrite(nowNs);
    }
  }

  private void finishWrite(long nowNs) {
    if (corruptWrites > 0) {
      corruptWrites--;
      data[200] ^= 0x02;
    }
    int response = writeResponse();
    answer.clear();
    answer.add(response);
    phase = multiple ? Phase.TOKEN : Phase.COMMAND;
    if (response == ACCEPTED) {
      block++;
      becomeBusy(nowNs);
    }
  }

  private int writeResponse() {
    int crc = (data[BLOCK_BYTES] & 0xFF) << 8 | (data[BLOCK_BYTES + 1] & 0xFF);
    if (checksCrc && crc != SdCrc.data(data, BLOCK_BYTES)) {
      return CRC_REJECTED;
    }
    if (failWrites > 0 || block >= blocks()) {
      failWrites = Math.max(0, failWrites - 1);
      return WRITE_FAILED;
    }
    if (failPrograms > 0) {
      failPrograms--;
      status |= STATUS_ERROR;
      return ACCEPTED;
    }
    try {
      store.write(block, data);
      return ACCEPTED;
    } catch (IOException e) {
      return WRITE_FAILED;
    }
  }

  private void becomeBusy(long nowNs) {
    long busyNs = nextBusyNs >= 0 ? nextBusyNs : random.nextLong(200_000, 5_000_001);
    nextBusyNs = -1;
    busy = true;
    busyUntilNs = nowNs + busyNs;
  }

  private long argument() {
    return (frame[1] & 0xFFL) << 24
        | (frame[2] & 0xFF) << 16
        | (frame[3] & 0xFF) << 8
        | (frame[4] & 0xFF);
  }

  private void answerR1(int flags) {
    answer.clear();
    appendR1(flags);
  }

  /// Zero to eight bytes of ones, then the flags with the idle bit as it is now.
  private void appendR1(int flags) {
    int waitBytes = random.nextInt(9);
    for (int i = 0; i < waitBytes; i++) {
      answer.add(0xFF);
    }
    answer.add(flags | (ready ? 0 : R1_IDLE));
  }

  /// Closes the image. The card must have left the bus.
  @Override
  public void close() {
    try {
      store.close();
    } catch (IOException e) {
      throw new IllegalStateException("sd.image: close failed (expected: success)", e);
    }
  }
}
