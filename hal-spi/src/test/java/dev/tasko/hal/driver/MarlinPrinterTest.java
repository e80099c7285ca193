package dev.tasko.hal.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tasko.Loop;
import dev.tasko.LoopConfig;
import dev.tasko.ScheduledTask;
import dev.tasko.Task;
import dev.tasko.hal.sim.SimPrinter;
import dev.tasko.task.CoroutineEngine;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// In real time, since the sockets are real; no test waits for a time but that of a hanging
/// printer.
class MarlinPrinterTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final SimPrinter printer = new SimPrinter();
  private final Loop loop = new Loop();
  private final MarlinPrinter client = client(LONG);
  private final List<String> trace = new ArrayList<>();

  private MarlinPrinter client(Duration limit) {
    return new MarlinPrinter(loop, printer.address(), limit);
  }

  @BeforeEach
  void heat() {
    printer.temperatures(200.1, 210, 59.98, 60);
  }

  @AfterEach
  void close() {
    client.close();
    loop.close();
    printer.close();
  }

  private static String shown(MarlinPrinter read) {
    return "%d/%d %d/%d"
        .formatted(
            read.hotendCentiC(),
            read.hotendTargetCentiC(),
            read.bedCentiC(),
            read.bedTargetCentiC());
  }

  private void assertFails(String detail, MarlinPrinter asked) {
    loop.addTask(asked::readTemperatures);
    String message = assertThrows(DriverException.class, loop::run).getMessage();
    assertEquals("localhost:" + printer.address().getPort() + ": " + detail, message);
  }

  private void assertReads(MarlinPrinter asked) {
    loop.addTask(asked::readTemperatures);
    loop.run();
    assertEquals("20010/21000 5998/6000", shown(asked));
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void read_fiveTimesASecond(CoroutineEngine engine) {
    try (Loop other = new Loop(new LoopConfig().engine(engine));
        MarlinPrinter reader = new MarlinPrinter(other, printer.address(), LONG)) {
      other.schedule(
          5,
          () -> {
            reader.readTemperatures();
            trace.add(shown(reader));
            printer.temperatures(trace.size(), 0, -trace.size(), 0);
            if (trace.size() == 3) {
              other.stop();
            }
          });
      other.run();
    }
    assertEquals(List.of("20010/21000 5998/6000", "100/0 -100/0", "200/0 -200/0"), trace);
  }

  @Test
  void readFirmware_isTheName() {
    loop.addTask(() -> trace.add(client.readFirmware()));
    loop.run();
    assertEquals(List.of("Marlin 2.1 (simulated)"), trace);
    assertReads(client);
  }

  /// The printer goes on only when the others have run a hundred times.
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void hang_theOthersRunOn(CoroutineEngine engine) {
    printer.hang(true);
    try (Loop other = new Loop(new LoopConfig().engine(engine));
        MarlinPrinter reader = new MarlinPrinter(other, printer.address(), LONG)) {
      other.addTask(() -> {
        reader.readTemperatures();
        trace.add(shown(reader));
        other.stop();
      });
      ScheduledTask control = other.scheduleCallback(1_000, () -> {});
      other.addTask(() -> {
        while (control.activations() < 100) {
          other.yieldNow();
        }
        trace.add("controlled");
        printer.hang(false);
      });
      other.run();
    }
    assertEquals(List.of("controlled", "20010/21000 5998/6000"), trace);
  }

  @Test
  void hang_endsAtTheLimitAndTheNextReadStartsAfresh() {
    printer.hang(true);
    try (MarlinPrinter hurried = client(Duration.ofMillis(50))) {
      assertFails("M105: \"\" after 50 ms (expected: ok)", hurried);
      assertEquals("0/0 0/0", shown(hurried));
    }
    printer.hang(false);
    assertReads(client);
    assertReads(client);
  }

  @Test
  void cancel_closesTheConnection() {
    printer.hang(true);
    Task reader = loop.addTask(client::readTemperatures);
    loop.runLater(0.01, reader::cancel);
    loop.run();
    printer.hang(false);
    assertReads(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ok T:2l0.00 /210.00 B:60.00 /60.00 @:0 | hotend: 2l0.00",
        "ok T:500.01 /210.00 B:60.00 /60.00 @:0 | hotend: 500.01",
        "ok T:200.00 /NaN B:60.00 /60.00 @:0 | hotend target: NaN",
        "ok T:200.00 /210.00 B:-50.01 /60.00 @:0 | bed: -50.01",
        "ok T:200.00 /210.00 B:60.00 /1e2 @:0 | bed target: 1e2"
      })
  void lie_isToldByItsField(String line, String field) {
    printer.lie(line);
    assertFails("M105: " + field + " (expected: -50 to 500 degrees Celsius)", client);
    assertReads(client);
  }

  @Test
  void lie_withoutTemperatures() {
    printer.lie("ok");
    assertFails("M105: ok (expected: ok T:. /. B:. /.)", client);
    assertReads(client);
  }

  @Test
  void lie_isAnErrorReport() {
    printer.lie("Error:Printer halted. kill() called!");
    assertFails("M105: Error:Printer halted. kill() called! (expected: ok)", client);
    assertReads(client);
  }

  @Test
  void lie_withoutEnd() {
    printer.lie("T".repeat(5_000));
    assertFails("M105: more than 4096 bytes (expected: ok)", client);
    assertReads(client);
  }

  @Test
  void chatter_isNoAnswer() {
    printer.lie("echo:busy: processing\r\n T:1 /2 B:3 /4\r\nok T:20.5 /0 B:21 /0 @:0\r");
    loop.addTask(client::readTemperatures);
    loop.run();
    assertEquals("2050/0 2100/0", shown(client));
  }

  @Test
  void closeAfter_inTheMiddleOfALine() {
    printer.closeAfter(7);
    assertFails("M105: closed after \"ok T:20\" (expected: ok)", client);
    printer.closeAfter(0);
    assertFails("M105: closed after \"\" (expected: ok)", client);
    assertReads(client);
  }

  @Test
  void dribble_isReadByteByByte() {
    printer.dribble(100_000);
    assertReads(client);
    printer.dribble(0);
    assertReads(client);
  }

  @Test
  void dribble_tooSlowSaysWhatCame() {
    printer.dribble(Duration.ofDays(1).toNanos());
    try (MarlinPrinter hurried = client(Duration.ofMillis(300))) {
      assertFails("M105: \"o\" after 300 ms (expected: ok)", hurried);
    }
  }

  @Test
  void connect_nobodyThere() {
    printer.close();
    assertFails("connect: Connection refused (expected: a printer)", client);
  }

  /// The kernel drops what asks for a connection while as many as fit wait to be accepted.
  @Test
  void connect_noAnswerAtAll() throws IOException {
    List<SocketChannel> waiting = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        MarlinPrinter asking =
            new MarlinPrinter(
                loop, (InetSocketAddress) server.getLocalSocketAddress(), Duration.ofMillis(50))) {
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        waiting.add(channel);
        channel.configureBlocking(false);
        channel.connect(server.getLocalSocketAddress());
      }
      loop.addTask(asking::readTemperatures);
      assertEquals(
          "localhost:"
              + server.getLocalPort()
              + ": connect: nothing after 50 ms (expected: a printer)",
          assertThrows(DriverException.class, loop::run).getMessage());
    } finally {
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  @Test
  void address_unresolved() {
    InetSocketAddress address = InetSocketAddress.createUnresolved("printer.invalid", 23);
    assertEquals(
        "address: printer.invalid:23 (expected: a resolved one)",
        assertThrows(IllegalArgumentException.class, () -> new MarlinPrinter(loop, address, LONG))
            .getMessage());
  }

  /// The other end is the test's: the second half of a line comes when the first was asked for.
  @Test
  void answer_inTwoHalves() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        MarlinPrinter asking =
            new MarlinPrinter(loop, (InetSocketAddress) server.getLocalSocketAddress(), LONG)) {
      Task reader = loop.addTask(asking::readTemperatures);
      loop.addTask(() -> {
        loop.yieldNow();
        try (Socket socket = server.accept()) {
          while (socket.getInputStream().available() < 5) {
            loop.yieldNow();
          }
          assertEquals("M105\n", text(socket.getInputStream().readNBytes(5)));
          socket.getOutputStream().write(bytes("ok T:20.0 /0.0 B:2"));
          loop.sleepNs(5_000_000); // The client looks some times at the first half.
          assertFalse(reader.isDone());
          socket.getOutputStream().write(bytes("1.0 /0.0\n"));
          reader.join();
        }
      });
      loop.run();
      assertEquals("2000/0 2100/0", shown(asking));
    }
  }

  /// A line that nobody asked for comes after an answer, and with the second one the end.
  @Test
  void late_isNotTheNextAnswer() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open();
        MarlinPrinter asking = new MarlinPrinter(loop, bound(server), LONG)) {
      loop.addTask(() -> {
        for (int degrees = 1; degrees <= 4; degrees++) {
          asking.readTemperatures();
          assertEquals(degrees + "00/0 0/0", shown(asking));
          loop.sleepNs(5_000_000); // What else the printer says has come by then.
        }
      });
      loop.addTask(() -> {
        for (int degrees = 1; degrees <= 4; degrees += 2) {
          try (Socket socket = accept(server)) {
            answer(socket, "ok T:%d /0 B:0 /0\nok T:99 /0 B:0 /0\n".formatted(degrees));
            answer(socket, "ok T:%d /0 B:0 /0\nok T:98 /0 B:0 /0\n".formatted(degrees + 1));
          }
        }
      });
      loop.run();
    }
  }

  private static InetSocketAddress bound(ServerSocketChannel server) throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    server.configureBlocking(false);
    return (InetSocketAddress) server.getLocalAddress();
  }

  private Socket accept(ServerSocketChannel server) throws IOException {
    SocketChannel accepted = server.accept();
    while (accepted == null) {
      loop.yieldNow();
      accepted = server.accept();
    }
    return accepted.socket();
  }

  private void answer(Socket socket, String answer) throws IOException {
    while (socket.getInputStream().available() < 5) {
      loop.yieldNow();
    }
    assertEquals("M105\n", text(socket.getInputStream().readNBytes(5)));
    socket.getOutputStream().write(bytes(answer));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  @Test
  void simulated_unknownCommand() throws IOException {
    InetSocketAddress at = printer.address();
    try (Socket socket = new Socket(at.getAddress(), at.getPort())) {
      socket.getOutputStream().write(bytes("G28\n"));
      InputStream in = socket.getInputStream();
      String answer = "echo:Unknown command: \"G28\"\nok\n";
      assertEquals(answer, text(in.readNBytes(answer.length())));
    }
  }
}
