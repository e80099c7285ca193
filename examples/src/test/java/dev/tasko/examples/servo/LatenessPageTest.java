package dev.tasko.examples.servo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.linux.RealTime;
import dev.tasko.linux.RealTimeConfig;
import dev.tasko.report.Environment;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/// The page of a comparison that was made up.
class LatenessPageTest {
  private static final RealTime.Setting SLACK = new RealTime.Setting("timer slack", "1 ns", null);
  private static final RealTime.Setting REFUSED =
      new RealTime.Setting("SCHED_FIFO priority", "80", "not permitted");

  @Test
  void page_isTheWholeOfIt() {
    Environment environment =
        new Environment("cpu", 2, 1024, "kernel", "jdk", "abc", "today", "1 2 3", "command");
    assertEquals(
        """
        ### A control loop at 1,000 Hz

        cpu, 2 cores, 1024 MiB, kernel, jdk, commit abc, today, load 1 2 3: 2 rounds of 1 s each, \
        by turns. Each contender's thread has from the kernel: timer slack 1 ns. The JDK executor \
        is a `ScheduledThreadPoolExecutor` at a fixed rate; the bare thread only parks.

        a remark

        | the parked loop's | measured | at most | verdict |
        | --- | ---: | ---: | --- |
        | p50 over cyclictest's | 1.00 (0.90 to 1.00) | 1.20 | met |
        | p99 over cyclictest's | 1.50 | 1.20 | **missed** |

        | lateness, us | p50 | p90 | p99 | p99.9 | max | activations | missed |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
        | parked | 10.0 | 10.0 | 150 | 150 | 150 | 2,000 | 0 |
        | cyclictest | 10.0 | 10.0 | 100 | 100 | 100 | 1,999 | 1 |

        ![lateness at 1000 Hz](x.svg)

        ```text
        parked
              5.0 to      10.0 us   49.000 % #########################
             10.0 to      20.0 us   49.000 % #########################
             20.0 to      50.0 us    0.000 %
             50.0 to       100 us    0.000 %
              100 to       200 us    2.000 % #

        cyclictest
             10.0 to      20.0 us   97.999 % #################################################
             20.0 to      50.0 us    0.000 %
             50.0 to       100 us    0.000 %
              100 to       200 us    2.001 % #
        ```
        """,
        page(SLACK).toMarkdown(environment, "x.svg"));
  }

  @Test
  void verdict_isNoneWithoutTheRights() {
    assertTrue(page(SLACK, REFUSED).comparisonTable().contains("| 1.00 (0.90 to 1.00) |  |  |"));
    assertEquals(
        "SCHED_FIFO priority 80: refused, not permitted (to be had as root, or by LimitRTPRIO=99"
            + " and LimitMEMLOCK=infinity in a service file)",
        conditions(SLACK, REFUSED).missing());
    assertEquals("timer slack 1 ns", conditions(SLACK, REFUSED).summary());
  }

  @Test
  void picture_hasALineForEach() {
    String svg = LatenessPicture.draw(results(), conditions(SLACK));
    assertTrue(svg.contains(">parked</text>") && svg.contains(">cyclictest</text>"), svg);
  }

  private static LatenessPage page(RealTime.Setting... granted) {
    return new LatenessPage(conditions(granted), results(), List.of("a remark"));
  }

  private static Conditions conditions(RealTime.Setting... granted) {
    return new Conditions(1_000, 1, new RealTimeConfig(), List.of(granted));
  }

  private static List<Lateness> results() {
    Lateness parked = new Lateness("parked");
    parked.add(1_000, histogram(980, 10_000, 150_000));
    parked.add(1_000, histogram(980, 9_000, 150_000));
    Lateness cyclictest = new Lateness("cyclictest");
    cyclictest.add(1_000, histogram(980, 10_000, 100_000));
    cyclictest.add(1_000, histogram(979, 10_000, 100_000));
    return List.of(parked, cyclictest);
  }

  private static Histogram histogram(long many, long usualNs, long lateNs) {
    Histogram histogram = Lateness.newHistogram();
    histogram.recordValueWithCount(usualNs, many);
    histogram.recordValueWithCount(lateNs, 20);
    return histogram;
  }
}
