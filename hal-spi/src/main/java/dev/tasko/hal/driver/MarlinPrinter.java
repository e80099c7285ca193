package dev.tasko.hal.driver;

import dev.tasko.Loop;
import dev.tasko.task.Delays;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Client of a 3D printer with Marlin's firmware and a heated bed, over a socket.
///
/// ```text
///   ask ── connects if it is not ──► sends a line ──► reads lines to the first that begins with ok
///    │                                                 others (echo:, busy) are no answer
///    └── any failure closes the connection: what the printer says late is not the next one's answer
/// ```
///
/// What it has said unasked is thrown away before a question, and a connection that it has closed
/// in between is opened anew.
///
/// The socket never blocks: the task looks at it each millisecond and sleeps in between, and the
/// loop runs on. That is a wakeup a millisecond for as long as an answer takes, and no second
/// thread; five reads a second of a printer that answers in some milliseconds cost a few dozen.
///
/// Each failure is a [DriverException], and the next call starts afresh:
///
/// | the printer | the exception says |
/// |---|---|
/// | is not there | `connect: Connection refused (expected: a printer)` |
/// | does not even say that | `connect: nothing after 500 ms (expected: a printer)` |
/// | hangs, or is too slow | `M105: "" after 500 ms (expected: ok)`, with what came so far |
/// | closes | `M105: closed after "ok T:2" (expected: ok)` |
/// | reports nonsense | `M105: hotend: 2l0.00 (expected: -50 to 500 degrees Celsius)` |
/// | reports an error | `M105: Error:Printer halted (expected: ok)` |
///
/// Thread: one task of a loop in real time. Allocates: the text of each answer.
public final class MarlinPrinter implements AutoCloseable {
  private static final long POLL_NS = 1_000_000;
  private static final int MAX_ANSWER_BYTES = 4096;
  private static final int MIN_CENTI_C = -5_000;
  private static final int MAX_CENTI_C = 50_000;
  private static final Pattern TEMPERATURES =
      Pattern.compile("^ok T:(\\S+) ?/(\\S+) B:(\\S+) ?/(\\S+)", Pattern.MULTILINE);
  private static final Pattern FIRMWARE =
      Pattern.compile("^FIRMWARE_NAME:(.*?)(?: [A-Z_]+:.*)?$", Pattern.MULTILINE);
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,4}(\\.\\d{1,4})?");

  private final Loop loop;
  private final InetSocketAddress address;
  private final String name;
  private final long limitNs;
  private final ByteBuffer received = ByteBuffer.allocateDirect(MAX_ANSWER_BYTES);
  private @Nullable SocketChannel connection;
  private int hotendCentiC;
  private int hotendTargetCentiC;
  private int bedCentiC;
  private int bedTargetCentiC;

  /// Prepares the client; it connects when it is first asked something.
  ///
  /// @param loop of the task that asks
  /// @param address of the printer, resolved
  /// @param limit for connecting and answering together
  /// @throws IllegalArgumentException if the address is not resolved or the limit not positive
  public MarlinPrinter(Loop loop, InetSocketAddress address, Duration limit) {
    this.loop = loop;
    this.address = address;
    this.name = address.getHostString() + ":" + address.getPort();
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("address: " + name + " (expected: a resolved one)");
    }
    this.limitNs = Delays.toNs("limit", limit);
    if (limitNs <= 0) {
      throw new IllegalArgumentException("limit: " + limit + " (expected: > 0)");
    }
  }

  /// Asks for the temperatures, by `M105`.
  ///
  /// @throws DriverException if the printer does not answer, or not sensibly; the temperatures are
  ///   what they were
  public void readTemperatures() {
    String answer = ask("M105");
    Matcher fields = TEMPERATURES.matcher(answer);
    if (!fields.find()) {
      throw failure("M105", answer.strip() + " (expected: ok T:. /. B:. /.)");
    }
    int hotend = centiC("hotend", fields.group(1));
    int hotendTarget = centiC("hotend target", fields.group(2));
    int bed = centiC("bed", fields.group(3));
    bedTargetCentiC = centiC("bed target", fields.group(4));
    bedCentiC = bed;
    hotendTargetCentiC = hotendTarget;
    hotendCentiC = hotend;
  }

  /// Asks what firmware it has, by `M115`.
  ///
  /// @return the name
  /// @throws DriverException if the printer does not answer, or not sensibly
  public String readFirmware() {
    String answer = ask("M115");
    Matcher fields = FIRMWARE.matcher(answer);
    if (!fields.find()) {
      throw failure("M115", answer.strip() + " (expected: FIRMWARE_NAME:.)");
    }
    return fields.group(1).strip();
  }

  private int centiC(String field, String text) {
    if (NUMBER.matcher(text).matches()) {
      long centiC = Math.round(100 * Double.parseDouble(text));
      if (centiC >= MIN_CENTI_C && centiC <= MAX_CENTI_C) {
        return (int) centiC;
      }
    }
    throw failure("M105", field + ": " + text + " (expected: -50 to 500 degrees Celsius)");
  }

  /// @return the lines of the answer
  private String ask(String command) {
    long deadlineNs = loop.nowNs() + limitNs;
    boolean answered = false;
    try {
      SocketChannel channel = connect(command, deadlineNs);
      send(channel, command, deadlineNs);
      String answer = receive(channel, command, deadlineNs);
      answered = true;
      return answer;
    } catch (IOException e) {
      throw failure(command, e.getMessage() + " (expected: ok)");
    } finally {
      if (!answered) {
        disconnect();
      }
    }
  }

  private SocketChannel connect(String command, long deadlineNs) throws IOException {
    SocketChannel open = connection;
    if (open != null && isQuiet(open, command, deadlineNs)) {
      return open;
    }
    disconnect();
    received.clear();
    SocketChannel channel = SocketChannel.open();
    connection = channel;
    channel.configureBlocking(false);
    try {
      boolean connected = channel.connect(address);
      while (!connected) {
        if (isOver(deadlineNs)) {
          throw failure("connect", "nothing " + afterLimit() + " (expected: a printer)");
        }
        loop.sleepNs(POLL_NS);
        connected = channel.finishConnect();
      }
    } catch (IOException e) {
      throw failure("connect", e.getMessage() + " (expected: a printer)");
    }
    return channel;
  }

  /// Takes what has come since the last answer. Whether the connection is still good then.
  private boolean isQuiet(SocketChannel channel, String command, long deadlineNs) {
    try {
      int bytes = channel.read(received.clear());
      while (bytes > 0) {
        pause(command, deadlineNs);
        bytes = channel.read(received.clear());
      }
      return bytes == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private void send(SocketChannel channel, String command, long deadlineNs) throws IOException {
    received.clear();
    ByteBuffer line = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
    channel.write(line);
    while (line.hasRemaining()) {
      pause(command, deadlineNs);
      channel.write(line);
    }
  }

  private String receive(SocketChannel channel, String command, long deadlineNs)
      throws IOException {
    int lineStart = 0;
    while (true) {
      int scanned = received.position();
      int bytes = channel.read(received);
      for (int i = scanned; i < received.position(); i++) {
        if (received.get(i) == '\n') {
          if (isLast(command, text(lineStart, i))) {
            return text(0, i);
          }
          lineStart = i + 1;
        }
      }
      if (bytes < 0) {
        throw failure(command, "closed after " + quoted() + " (expected: ok)");
      }
      if (!received.hasRemaining()) {
        throw failure(command, "more than " + MAX_ANSWER_BYTES + " bytes (expected: ok)");
      }
      pause(command, deadlineNs);
    }
  }

  private boolean isLast(String command, String line) {
    if (line.startsWith("Error:")) {
      throw failure(command, line.strip() + " (expected: ok)");
    }
    return line.startsWith("ok");
  }

  private void pause(String step, long deadlineNs) {
    if (isOver(deadlineNs)) {
      throw failure(step, quoted() + " " + afterLimit() + " (expected: ok)");
    }
    loop.sleepNs(POLL_NS);
  }

  private boolean isOver(long deadlineNs) {
    return loop.nowNs() - deadlineNs >= 0;
  }

  private String afterLimit() {
    return "after " + limitNs / 1_000_000 + " ms";
  }

  private String quoted() {
    return "\"" + text(0, received.position()).strip() + "\"";
  }

  private String text(int from, int to) {
    return StandardCharsets.US_ASCII.decode(received.slice(from, to - from)).toString();
  }

  /// Returns the temperature of the hot end.
  ///
  /// @return hundredths of a degree Celsius
  public int hotendCentiC() {
    return hotendCentiC;
  }

  /// Returns what the hot end is heated to.
  ///
  /// @return hundredths of a degree Celsius, 0 when off
  public int hotendTargetCentiC() {
    return hotendTargetCentiC;
  }

  /// Returns the temperature of the bed.
  ///
  /// @return hundredths of a degree Celsius
  public int bedCentiC() {
    return bedCentiC;
  }

  /// Returns what the bed is heated to.
  ///
  /// @return hundredths of a degree Celsius, 0 when off
  public int bedTargetCentiC() {
    return bedTargetCentiC;
  }

  /// What comes after a failure could be late, or anything.
  private DriverException failure(String step, String detail) {
    disconnect();
    return new DriverException(name, step, detail);
  }

  private void disconnect() {
    SocketChannel channel = connection;
    connection = null;
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // It is given up anyway, and what went wrong before is what counts.
    }
  }

  /// Closes the connection. The next question opens another.
  @Override
  public void close() {
    disconnect();
  }
}
