package dev.tasko.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
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
}
