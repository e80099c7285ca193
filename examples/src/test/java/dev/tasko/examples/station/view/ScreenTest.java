package dev.tasko.examples.station.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the view looks like, for a terminal of each width.
class ScreenTest {
  private static final TaskRow SERVO =
      new TaskRow("servo", 1000, 17_643, 61_234, 148_700, 24_501_800, 0, 24, 1, 0);
  private static final TaskRow SENSOR =
      new TaskRow("sensor", 1, 18, 80_000, 512_300, 530_100, 268_000, 0, 0, 0);
  private static final TaskRow LOG = new TaskRow("log", 0.1, 1, -1, -1, 90_000, 0, 0, 0, 0);

  private static final Snapshot SNAPSHOT =
      new Snapshot(
          17_667_000_000L,
          20_000_000_000L,
          "act 3 of 3: break it",
          16_448_000_000L,
          new Snapshot.Shaft(1.25, 1.2, 0.07, 0.2, 4),
          new Snapshot.Air(370, 26_019_840, 51_200),
          new Snapshot.Air(-1205, 26_019_840, 51_200),
          new Snapshot.Heat(20_960, 6_020, null),
          List.of(
              new Snapshot.Bus(
                  "sim:0",
                  "audit",
                  List.of(new Snapshot.Share("audit", 0.082), new Snapshot.Share("sensor", 0.004))),
              new Snapshot.Bus("sim:i2c0", null, List.of())),
          12,
          9,
          3,
          "(  o  )",
          List.of(SERVO, SENSOR, LOG),
          List.of(new Snapshot.Blamed("spin", 25_097_000, 1, 24)),
          List.of("15.488 s  button", "16.692 s  miss           the servo lost 25 releases"));

  @Test
  void at120Columns_everythingIsThere() {
    assertEquals(
        """
        act 3 of 3: break it  17.7 s of 20  93.1 % idle
        x spin 25 ms  q stop safely  b button

        servo    error +0.05 rad  most 0.07/0.20  angle +1.20  target +1.25
                 [----------------------------------o|------------------------------------------------------------------------]
        outside  3.70 C  1016.40 hPa  50.0 %  (  o  )
        inside   -12.05 C  1016.40 hPa  50.0 %
        printer  hotend 209.6 C  bed 60.2 C
        sim:0    audit has it  audit 8.2 %  sensor 0.4 %
        sim:i2c0 free
        log      12 records on card  9 wait  3 button presses

        task      rate, Hz     runs  p50, us  p99, us   max, us  wait, ms  missed   late  overran
        servo       1000.0    17643     61.2    148.7   24501.8     0.000      24      1        0
        sensor         1.0       18     80.0    512.3     530.1     0.268       0      0        0
        log            0.1        1        -        -      90.0     0.000       0      0        0

        ! spin: 25.097 ms, 1 late, 24 left out
        15.488 s  button
        16.692 s  miss           the servo lost 25 releases
        """,
        Screen.of(SNAPSHOT, 120, 24).toString());
  }

  @Test
  void at80Columns_theTableHasLostAColumn() {
    assertEquals(
        """
        act 3 of 3: break it  17.7 s of 20  93.1 % idle
        x spin 25 ms  q stop safely  b button

        servo    error +0.05 rad  most 0.07/0.20  angle +1.20  target +1.25
                 [---------------------o|---------------------------------------------]
        outside  3.70 C  1016.40 hPa  50.0 %  (  o  )
        inside   -12.05 C  1016.40 hPa  50.0 %
        printer  hotend 209.6 C  bed 60.2 C
        sim:0    audit has it  audit 8.2 %  sensor 0.4 %
        sim:i2c0 free
        log      12 records on card  9 wait  3 button presses

        task      rate, Hz     runs  p50, us  p99, us   max, us  wait, ms  missed   late
        servo       1000.0    17643     61.2    148.7   24501.8     0.000      24      1
        sensor         1.0       18     80.0    512.3     530.1     0.268       0      0
        log            0.1        1        -        -      90.0     0.000       0      0

        ! spin: 25.097 ms, 1 late, 24 left out
        15.488 s  button
        16.692 s  miss           the servo lost 25 releases
        """,
        Screen.of(SNAPSHOT, 80, 24).toString());
  }

  @Test
  void at40Columns_theMostTellingIsLeft() {
    assertEquals(
        """
        act 3 of 3: break it  17.7 s of 20
        x spin 25 ms  q stop safely  b button

        servo    error +0.05 rad  most 0.07/0.20
                 [--------o|------------------]
        outside  3.70 C  1016.40 hPa  50.0 %
        inside   -12.05 C  1016.40 hPa  50.0 %
        printer  hotend 209.6 C  bed 60.2 C
        sim:0    audit has it  audit 8.2 %
        sim:i2c0 free
        log      12 records on card  9 wait

        task         runs   max, us  missed
        servo       17643   24501.8      24
        sensor         18     530.1       0
        log             1      90.0       0

        ! spin: 25.097 ms, 1 late, 24 left out
        15.488 s  button
        16.692 s  miss           the servo lost
        """,
        Screen.of(SNAPSHOT, 40, 24).toString());
  }

  /// On a low screen the latest events go first, then what is at the bottom.
  @Test
  void at12Rows_theTopIsLeft() {
    String text = Screen.of(SNAPSHOT, 80, 12).toString();
    assertEquals(12, text.lines().count());
    assertTrue(text.startsWith("act 3 of 3"));
    assertFalse(text.contains("miss "), text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 10, 17, 39, 40, 41, 79, 80, 81, 200})
  void anySize_nothingIsWiderOrHigher(int size) {
    String text = Screen.of(SNAPSHOT, size, size).toString();
    assertTrue(text.lines().count() <= size, text);
    text.lines().forEach(line -> assertTrue(line.length() <= size, line));
  }

  @Test
  void whatIsMissing_isSaid() {
    Snapshot resting =
        new Snapshot(
            0,
            1,
            "after the acts: rest",
            0,
            null,
            SNAPSHOT.outside(),
            SNAPSHOT.inside(),
            null,
            List.of(),
            0,
            0,
            0,
            "",
            List.of(),
            List.of(),
            List.of());
    String text = Screen.of(resting, 80, 24).toString();
    assertTrue(text.contains("servo    rests"), text);
    assertTrue(text.contains("printer  none"), text);
  }

  @Test
  void printerInTrouble_saysWhich() {
    Snapshot trouble = withPrinter(new Snapshot.Heat(0, 0, "connect: Connection refused"));
    String text = Screen.of(trouble, 80, 24).toString();
    assertTrue(text.contains("printer  connect: Connection refused"), text);
  }

  private static Snapshot withPrinter(Snapshot.Heat heat) {
    return new Snapshot(
        SNAPSHOT.elapsedNs(),
        SNAPSHOT.runNs(),
        SNAPSHOT.act(),
        SNAPSHOT.idleNs(),
        SNAPSHOT.shaft(),
        SNAPSHOT.outside(),
        SNAPSHOT.inside(),
        heat,
        SNAPSHOT.buses(),
        SNAPSHOT.records(),
        SNAPSHOT.pending(),
        SNAPSHOT.presses(),
        SNAPSHOT.ball(),
        SNAPSHOT.tasks(),
        SNAPSHOT.blamed(),
        SNAPSHOT.events());
  }

  @Test
  void ansi_goesHomeAndClearsWhatWasThere() {
    String ansi = Screen.of(SNAPSHOT, 40, 2).toAnsi();
    assertEquals(
        "\u001b[H\u001b[K"
            + "\u001b[0;1mact 3 of 3: break it\u001b[0;1m  17.7 s of 20\u001b[0m\r\n\u001b[J"
            + "\u001b[0;2mx spin 25 ms\u001b[0;2m  q stop safely\u001b[0;2m  b button\u001b[0m",
        ansi);
  }

  @Test
  void svg_escapesAndKeepsColumns() {
    Screen screen = new Screen(20, 1);
    screen.line().text("ab", Style.PLAIN).text("<&>", Style.BAD);
    String svg = screen.toSvg();
    assertTrue(
        svg.contains(
            "<text x=\"12\" y=\"25\" textLength=\"16\" xml:space=\"preserve\""
                + " fill=\"#d4d4d4\">ab</text>"),
        svg);
    assertTrue(
        svg.contains(
            "<text x=\"28\" y=\"25\" textLength=\"24\" xml:space=\"preserve\""
                + " fill=\"#ff6b6b\" font-weight=\"bold\">&lt;&amp;&gt;</text>"),
        svg);
  }
}
