package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.tasko.Loop;
import dev.tasko.hal.sim.SimPrinter;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// In real time, since the socket is real; no test waits for an answer that does not come.
class PrinterTest {
  private final List<Boolean> news = new ArrayList<>();

  private void askTwice(Loop loop, Printer printer) {
    loop.addTask(() -> {
      news.add(printer.ask());
      news.add(printer.ask());
    });
    loop.run();
    printer.close();
  }

  @Test
  void ask_neverAnswersIsNewsOnce() {
    InetSocketAddress nobody;
    try (SimPrinter gone = new SimPrinter()) {
      nobody = gone.address();
    }
    try (Loop loop = new Loop()) {
      Printer printer = new Printer(loop, nobody);
      askTwice(loop, printer);
      assertEquals(List.of(true, false), news);
      assertNotNull(printer.trouble());
    }
  }

  @Test
  void ask_alwaysAnswersIsNewsOnce() {
    try (SimPrinter there = new SimPrinter();
        Loop loop = new Loop()) {
      Printer printer = new Printer(loop, there.address());
      askTwice(loop, printer);
      assertEquals(List.of(true, false), news);
      assertNull(printer.trouble());
    }
  }
}
