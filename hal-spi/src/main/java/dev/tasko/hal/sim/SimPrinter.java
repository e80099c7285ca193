package dev.tasko.hal.sim;

import dev.tasko.task.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A simulated 3D printer with Marlin's firmware, on a socket of this machine: one client at a
/// time, one answer for each line.
///
/// ```text
///   M105   ok T:200.10 /210.00 B:60.00 /60.00 @:0 @B:0
///   M115   FIRMWARE_NAME:Marlin 2.1 ... and ok
///   else   echo:Unknown command: "..." and ok
/// ```
///
/// It is the one simulated part that lives in real time, since the socket is real: a daemon thread
/// serves it. It hangs, lies, breaks off and dribbles on demand.
///
/// Thread: any.
public final class SimPrinter implements AutoCloseable {
  private static final int BACKLOG = 8;
  private static final int ALL = Integer.MAX_VALUE;
  private static final String FIRMWARE =
      """
      FIRMWARE_NAME:Marlin 2.1 (simulated) PROTOCOL_VERSION:1.0 MACHINE_TYPE:Simulated
      Cap:AUTOREPORT_TEMP:0
      ok
      """;

  private final ServerSocket server;
  private final Thread thread;
  private @Nullable Socket client;
  private boolean closed;
  private boolean hanging;
  private @Nullable String lie;
  private int cutBytes = ALL;
  private long pauseNs;
  private String temperatures = "";

  /// Switches the printer on, at a room's temperature.
  ///
  /// @throws UncheckedIOException if there is no port to be had
  public SimPrinter() {
    temperatures(21, 0, 21, 0);
    try {
      server = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException("printer: no port on this machine (expected: a free one)", e);
    }
    thread = Thread.ofPlatform().name("sim-printer").daemon().start(this::serve);
  }

  /// Returns where it listens.
  ///
  /// @return on the loopback interface
  public InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /// Sets what it reports, in degrees Celsius.
  ///
  /// @param hotendC of the hot end
  /// @param hotendTargetC what that is heated to, 0 when off
  /// @param bedC of the bed
  /// @param bedTargetC what that is heated to, 0 when off
  public synchronized void temperatures(
      double hotendC, double hotendTargetC, double bedC, double bedTargetC) {
    temperatures =
        String.format(
            Locale.ROOT,
            "ok T:%.2f /%.2f B:%.2f /%.2f @:0 @B:0\n",
            hotendC,
            hotendTargetC,
            bedC,
            bedTargetC);
  }

  /// Hangs, or goes on with what it was asked.
  ///
  /// @param newHanging whether it answers nothing from now on
  public synchronized void hang(boolean newHanging) {
    hanging = newHanging;
    notifyAll();
  }

  /// Lies once.
  ///
  /// @param line what it answers to the next command
  public synchronized void lie(String line) {
    lie = line + "\n";
  }

  /// Closes the connection in the middle of the next answer.
  ///
  /// @param bytes how much of it is sent
  /// @throws IllegalArgumentException if negative
  public synchronized void closeAfter(int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes: " + bytes + " (expected: >= 0)");
    }
    cutBytes = bytes;
  }

  /// Sends each byte by itself.
  ///
  /// @param newPauseNs how long it waits after each; 0 sends answers whole again
  /// @throws IllegalArgumentException if negative
  public synchronized void dribble(long newPauseNs) {
    if (newPauseNs < 0) {
      throw new IllegalArgumentException("pauseNs: " + newPauseNs + " (expected: >= 0)");
    }
    pauseNs = newPauseNs;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        if (!adopt(socket)) {
          return;
        }
        converse(socket);
      } catch (IOException e) {
        // The client has gone, or the printer was switched off; the loop knows which.
      }
    }
  }

  private synchronized boolean adopt(Socket socket) {
    client = socket;
    return !closed;
  }

  private void converse(Socket socket) throws IOException {
    BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    String line = lines.readLine();
    while (line != null && answer(line, socket.getOutputStream())) {
      line = lines.readLine();
    }
  }

  /// @return whether the connection goes on
  private boolean answer(String command, OutputStream out) throws IOException {
    awaitRelease();
    byte[] answer = takeAnswer(command).getBytes(StandardCharsets.US_ASCII);
    int bytes = Math.min(takeCut(), answer.length);
    long pauseEachNs = pauseNs();
    if (pauseEachNs == 0) {
      out.write(answer, 0, bytes);
    } else {
      for (int i = 0; i < bytes; i++) {
        out.write(answer[i]);
        pause(pauseEachNs);
      }
    }
    return bytes == answer.length;
  }

  private synchronized void awaitRelease() throws IOException {
    try {
      while (hanging && !closed) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted (expected: released)", e);
    }
  }

  private synchronized void pause(long forNs) throws IOException {
    long startNs = System.nanoTime();
    try {
      long leftNs = forNs;
      while (leftNs > 0 && !closed) {
        TimeUnit.NANOSECONDS.timedWait(this, leftNs);
        leftNs = forNs - (System.nanoTime() - startNs);
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted (expected: a pause)", e);
    }
  }

  private synchronized String takeAnswer(String command) {
    String told = lie;
    lie = null;
    if (told != null) {
      return told;
    }
    return switch (command.strip()) {
      case "M105" -> temperatures;
      case "M115" -> FIRMWARE;
      default -> "echo:Unknown command: \"" + command + "\"\nok\n";
    };
  }

  private synchronized int takeCut() {
    int taken = cutBytes;
    cutBytes = ALL;
    return taken;
  }

  private synchronized long pauseNs() {
    return pauseNs;
  }

  /// Switches it off: the connection is closed and the thread ends.
  @Override
  public void close() {
    try {
      server.close();
      closeClient();
    } catch (IOException e) {
      throw new UncheckedIOException("printer: not closed (expected: closed)", e);
    }
    Threads.joinUninterruptibly(thread);
  }

  private synchronized void closeClient() throws IOException {
    closed = true;
    notifyAll();
    if (client != null) {
      client.close();
    }
  }
}
