package dev.tasko.examples.station.view;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongPredicate;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/// The terminal that the process was started in, with a screen of its own and keys that arrive one
/// by one. What was on it is back after [#close], or when the process is ended.
///
/// Ctrl-C arrives as a key too, so that it can stop a run as safely as any other.
///
/// Thread: any. A terminal that does not take its text blocks the thread that draws, and nobody for
/// longer than half a second when it is to be given back.
public final class LiveTerminal implements AutoCloseable {
  private static final String OPEN = "\u001b[?1049h\u001b[?25l";
  private static final String CLOSE = "\u001b[0m\u001b[?25h\u001b[?1049l";
  private static final int USUAL_COLUMNS = 80;
  private static final int USUAL_ROWS = 24;
  private static final long READ_LIMIT_MS = 200;
  private static final int ESCAPE = 27;
  private static final long SEQUENCE_GAP_MS = 20;
  private static final long RESTORE_LIMIT_MS = 500;

  private final Terminal terminal;
  private final Attributes before;
  private final Thread restorer = new Thread(this::restore, "restore-terminal");
  private final ReentrantLock drawing = new ReentrantLock();
  private final AtomicBoolean closed = new AtomicBoolean();

  private LiveTerminal(Terminal terminal) {
    this.terminal = terminal;
    before = terminal.enterRawMode();
    Attributes raw = terminal.getAttributes();
    raw.setLocalFlag(LocalFlag.ISIG, false);
    terminal.setAttributes(raw);
    Runtime.getRuntime().addShutdownHook(restorer);
    write(OPEN);
  }

  /// Takes the terminal, if the process has one with a cursor.
  ///
  /// @return open, or null
  /// @throws IOException if it fails
  public static @Nullable LiveTerminal open() throws IOException {
    Terminal terminal;
    try {
      terminal = TerminalBuilder.builder().system(true).dumb(false).build();
    } catch (IOException | IllegalStateException e) {
      // There is none, or none that JLine can use here.
      return null;
    }
    if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
      terminal.close();
      return null;
    }
    return new LiveTerminal(terminal);
  }

  /// Sends each key to a listener from now on, on a thread of its own.
  ///
  /// @param listener given the character, returns whether it wants more
  public void listen(LongPredicate listener) {
    Thread.ofPlatform().name("keys").daemon().start(() -> read(listener));
  }

  private void read(LongPredicate listener) {
    try {
      NonBlockingReader reader = terminal.reader();
      int key;
      do {
        key = reader.read(READ_LIMIT_MS);
        if (key == ESCAPE) {
          skipSequence(reader);
        }
      } while (key == NonBlockingReader.READ_EXPIRED || (key >= 0 && listener.test(key)));
    } catch (IOException e) {
      // The terminal is closed or gone: there are no more keys.
    }
  }

  /// An arrow, a click, an answer of the terminal: its letters are no keys.
  private static void skipSequence(NonBlockingReader reader) throws IOException {
    while (reader.read(SEQUENCE_GAP_MS) >= 0) {
      // Each one belongs to it.
    }
  }

  /// Draws a snapshot in place of the one before; nothing after [#close].
  ///
  /// @param snapshot of the station
  public void show(Snapshot snapshot) {
    drawing.lock();
    try {
      if (!closed.get()) {
        Size size = terminal.getSize();
        int columns = size.getColumns() > 0 ? size.getColumns() : USUAL_COLUMNS;
        int rows = size.getRows() > 0 ? size.getRows() : USUAL_ROWS;
        write(Screen.of(snapshot, columns, rows).toAnsi());
      }
    } finally {
      drawing.unlock();
    }
  }

  /// @return whether it got there, as far as can be told
  private boolean write(String text) {
    PrintWriter writer = terminal.writer();
    writer.write(text);
    return !writer.checkError();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(restorer);
    } catch (IllegalStateException e) {
      // The process is ending, and the hook does the same.
    }
    restore();
  }

  /// On a thread that nobody has to wait for, as a terminal that is not read takes no text.
  private void restore() {
    if (closed.compareAndSet(false, true)) {
      Thread giver = Thread.ofPlatform().daemon().name("give-terminal-back").start(this::giveBack);
      try {
        giver.join(Duration.ofMillis(RESTORE_LIMIT_MS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void giveBack() {
    boolean alone = false;
    try {
      // The rest of a picture that is being drawn would come after it.
      alone = drawing.tryLock(RESTORE_LIMIT_MS / 2, TimeUnit.MILLISECONDS);
      showWhatWas();
      terminal.setAttributes(before);
      terminal.close();
    } catch (InterruptedException | IOException | IllegalStateException e) {
      // JLine closes its terminals by itself when the process ends, with their attributes as
      // before.
    } finally {
      if (alone) {
        drawing.unlock();
      }
    }
  }

  /// What JLine has closed already takes nothing.
  private void showWhatWas() throws IOException {
    boolean shown = false;
    try {
      shown = write(CLOSE);
    } catch (IllegalStateException e) {
      // The same.
    }
    if (!shown) {
      new FileOutputStream(FileDescriptor.out).write(CLOSE.getBytes(StandardCharsets.US_ASCII));
    }
  }
}
