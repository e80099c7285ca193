package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class OptionsTest {
  @Test
  void usual_isWhatNoArgumentsMean() {
    assertEquals(Options.USUAL, Options.of(new CommandLine(Options.spec()).parseArgs()));
  }
}
