package dev.tasko.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PeriodTest {
  @Test
  void ofRateHz_isExact() {
    assertEquals(new Period(1_000_000, 0, 1), Period.ofRateHz(1000));
    assertEquals(new Period(333_333_333, 1, 3), Period.ofRateHz(3));
    assertEquals(new Period(10_000_000_000L, 0, 1), Period.ofRateHz(0.1));
    assertEquals(new Period(1, 0, 1), Period.ofRateHz(1e9));
    assertEquals(new Period(1, 1, 9), Period.ofRateHz(9e8));
    assertEquals(new Period(1_428_571_428, 4, 7), Period.ofRateHz(0.7));
  }

  @Test
  void ofRateHz_timesRateIsASecond() {
    for (double rate : new double[] {1, 3, 7, 0.3, 1234.5678, 1e-9, 999_999_937, 1.1e-3}) {
      assertTimesRateIsASecond(rate);
    }
    Random random = new Random(7);
    for (int i = 0; i < 10_000; i++) {
      assertTimesRateIsASecond(
          (0.1 + 0.9 * random.nextDouble()) * Math.pow(10, random.nextInt(-8, 10)));
    }
  }

  private static void assertTimesRateIsASecond(double rate) {
    Period period = Period.ofRateHz(rate);
    BigInteger divisor = BigInteger.valueOf(period.divisor());
    BigDecimal ns =
        new BigDecimal(
            BigInteger.valueOf(period.wholeNs())
                .multiply(divisor)
                .add(BigInteger.valueOf(period.remainder())));
    BigDecimal second = new BigDecimal(divisor).multiply(BigDecimal.valueOf(1_000_000_000));
    assertEquals(0, second.compareTo(ns.multiply(BigDecimal.valueOf(rate))), "rate " + rate);
  }

  @Test
  void ofRateHz_bounds() {
    assertEquals(1, Period.ofRateHz(1e9).wholeNs());
    assertThrows(IllegalArgumentException.class, () -> Period.ofRateHz(Math.nextUp(1e9)));
    assertThrows(IllegalArgumentException.class, () -> Period.ofRateHz(Double.MAX_VALUE));
    assertThrows(IllegalArgumentException.class, () -> Period.ofRateHz(2.1e-10));
    assertEquals(4_545_454_545_454_545_454L, Period.ofRateHz(2.2e-10).wholeNs());
  }

  @Test
  void advanceTargetNs_carriesTheFraction() {
    TaskRecords records = new TaskRecords(1);
    int task = records.allocate();
    records.period(task, Period.ofRateHz(7));
    records.targetNs(task, -5);
    for (long run = 1; run <= 70_000; run++) {
      assertEquals(run * 1_000_000_000L / 7 - 5, records.advanceTargetNs(task));
    }
  }

  @Test
  void of_isExact() {
    assertEquals(new Period(333_333_333, 1, 3), Period.of(3, Duration.ofSeconds(1)));
    assertEquals(new Period(428_571_428, 4, 7), Period.of(7, Duration.ofSeconds(3)));
    assertEquals(new Period(1, 0, 1), Period.of(10, Duration.ofNanos(10)));
    assertEquals(Period.ofRateHz(44_100), Period.of(44_100, Duration.ofSeconds(1)));
    assertEquals(Period.MAX_NS, Period.of(1, Duration.ofNanos(Period.MAX_NS)).wholeNs());
  }

  /// Skipping lands where stepping does, for periods of all sizes, and counts the same.
  @Test
  void skipTargetNs_isAsManySteps() {
    Random random = new Random(5);
    TaskRecords records = new TaskRecords(2);
    int skips = records.allocate();
    int steps = records.allocate();
    for (int round = 0; round < 2000; round++) {
      Period period =
          Period.of(1 + random.nextInt(1000), Duration.ofNanos(1000 + random.nextInt(1 << 20)));
      long startNs = random.nextLong();
      long nowNs = startNs + random.nextInt(1 << 21);
      for (int task : new int[] {skips, steps}) {
        records.period(task, period);
        records.targetNs(task, startNs);
      }
      long count = 0;
      while (nowNs - records.targetNs(steps) > 0) {
        records.advanceTargetNs(steps);
        count++;
      }
      assertEquals(count, records.skipTargetNs(skips, nowNs));
      assertEquals(records.targetNs(steps), records.targetNs(skips));
      assertEquals(records.advanceTargetNs(steps), records.advanceTargetNs(skips));
    }
  }

  /// A gap of a century at the greatest divisors, in no time.
  @Test
  void skipTargetNs_longGap() {
    TaskRecords records = new TaskRecords(1);
    int task = records.allocate();
    records.period(task, new Period(1, (1L << 62) - 1, 1L << 62));
    records.targetNs(task, -7);
    long gapNs = 3_000_000_000_000_000_000L;
    long skipped = records.skipTargetNs(task, gapNs - 7);
    // Each is just below two nanoseconds, so the points are at 1, 3, 5 and so on.
    assertEquals(gapNs + 1 - 7, records.targetNs(task));
    assertEquals(gapNs / 2 + 1, skipped);
  }
}
