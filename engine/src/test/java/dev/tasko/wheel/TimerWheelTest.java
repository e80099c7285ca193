package dev.tasko.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The wheel by example. The random tests are in the module `property-tests`.
class TimerWheelTest {
  private static final int UNLIMITED = Integer.MAX_VALUE;
  private static final TimerHandler IGNORE = (handle, payload, deadlineNs) -> {};

  private final TimerWheel wheel = new TimerWheel(16, 0);

  /// Polls and returns the payloads in the order in which they fired.
  private List<Long> fire(long nowNs, int budget) {
    List<Long> payloads = new ArrayList<>();
    int fired = wheel.poll(nowNs, (handle, payload, deadlineNs) -> payloads.add(payload), budget);
    wheel.checkInvariants();
    assertEquals(payloads.size(), fired);
    return payloads;
  }

  private List<Long> fire(long nowNs) {
    return fire(nowNs, UNLIMITED);
  }

  // Firing.

  @Test
  void poll_atTheDeadlineNotBefore() {
    wheel.schedule(1000, 7);
    assertEquals(List.of(), fire(999));
    assertEquals(List.of(7L), fire(1000));
    assertEquals(List.of(), fire(1000));
  }

  @Test
  void poll_handsOverHandlePayloadAndDeadline() {
    long armed = wheel.schedule(1000, 7);
    wheel.poll(
        5000,
        (handle, payload, deadlineNs) -> {
          assertEquals(armed, handle);
          assertEquals(7, payload);
          assertEquals(1000, deadlineNs);
          assertFalse(wheel.isArmed(handle));
        },
        UNLIMITED);
  }

  @Test
  void poll_nanosecondOrderInOneJump() {
    wheel.schedule(1_000_000_002, 2);
    wheel.schedule(1_000_000_001, 1);
    wheel.schedule(70_000_000_000L, 4);
    wheel.schedule(-3, 0);
    wheel.schedule(1_000_000_002, 3);
    assertEquals(List.of(0L, 1L, 2L, 3L, 4L), fire(80_000_000_000L));
  }

  @Test
  void poll_budgetOfOne() {
    wheel.schedule(5, 1);
    wheel.schedule(5, 2);
    assertEquals(List.of(1L), fire(5, 1));
    assertTrue(wheel.isDue(5));
    assertEquals(List.of(2L), fire(5, 1));
    assertFalse(wheel.isDue(5));
  }

  /// Polls at one time until nothing is due; how many fired in each poll.
  private List<Integer> firedInEachPoll(long nowNs, int budget) {
    List<Integer> counts = new ArrayList<>();
    while (wheel.isDue(nowNs)) {
      counts.add(fire(nowNs, budget).size());
    }
    return counts;
  }

  /// Arms enough timers for the slot to have to be opened, the last one first.
  private List<Long> crowd(long firstNs) {
    List<Long> handles = new ArrayList<>();
    handles.add(wheel.schedule(firstNs + 4, firstNs + 4));
    for (int i = 0; i < 4; i++) {
      handles.add(wheel.schedule(firstNs + i, firstNs + i));
    }
    return handles;
  }

  private static List<Long> payloadsOfCrowd(long firstNs) {
    return LongStream.range(firstNs, firstNs + 5).boxed().toList();
  }

  @ParameterizedTest
  @CsvSource({"1, '[0, 0, 0, 0, 0, 1, 1, 1, 1, 1]'", "4, '[0, 3, 2]'", "5, '[0, 5]'", "10, '[5]'"})
  void poll_budgetCountsMovesAndFirings(int budget, String expected) {
    crowd(5000);
    assertEquals(expected, firedInEachPoll(5004, budget).toString());
  }

  @Test
  void poll_fewAreNotMoved() {
    wheel.schedule(5002, 1);
    wheel.schedule(5000, 2);
    wheel.schedule(5001, 3);
    assertEquals(List.of(1, 1, 1), firedInEachPoll(5002, 1));
  }

  @Test
  void poll_equalDeadlinesAreNotMoved() {
    for (int i = 0; i < 6; i++) {
      wheel.schedule(5000, i);
    }
    assertEquals(List.of(2, 2, 2), firedInEachPoll(5000, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "1, '[0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1]'",
    "3, '[0, 0, 2, 3]'",
    "7, '[0, 5]'",
    "12, '[5]'"
  })
  void poll_budgetCountsSplices(int budget, String expected) {
    wheel.schedule(100, 3);
    wheel.schedule(5000, 4);
    crowd(-6);
    assertEquals(expected, firedInEachPoll(0, budget).toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
  void poll_noBudget(int budget) {
    wheel.schedule(5, 1);
    assertEquals(List.of(), fire(5, budget));
    assertTrue(wheel.isDue(5));
  }

  @Test
  void poll_backwards() {
    wheel.schedule(10, 1);
    wheel.schedule(20, 2);
    assertEquals(List.of(1L), fire(15));
    assertEquals(List.of(), fire(5));
    wheel.schedule(8, 3);
    assertEquals(List.of(), fire(7));
    assertEquals(List.of(3L, 2L), fire(20));
  }

  @Test
  void poll_clockWraps() {
    long startNs = Long.MAX_VALUE - 5;
    TimerWheel wrapping = new TimerWheel(4, startNs);
    wrapping.schedule(startNs + 10, 1);
    assertEquals(0, wrapping.poll(Long.MAX_VALUE, IGNORE, UNLIMITED));
    assertEquals(Long.MIN_VALUE + 4, wrapping.nextDeadlineNs());
    assertEquals(0, wrapping.poll(Long.MIN_VALUE + 3, IGNORE, UNLIMITED));
    assertEquals(1, wrapping.poll(Long.MIN_VALUE + 4, IGNORE, UNLIMITED));
  }

  @Test
  void pollOne_theEarliest() {
    wheel.schedule(9, 2);
    wheel.schedule(8, 1);
    List<Long> payloads = new ArrayList<>();
    TimerHandler collect = (handle, payload, deadlineNs) -> payloads.add(payload);
    assertTrue(wheel.pollOne(9, collect));
    assertEquals(List.of(1L), payloads);
    assertTrue(wheel.pollOne(9, collect));
    assertFalse(wheel.pollOne(9, collect));
    assertEquals(List.of(1L, 2L), payloads);
  }

  // From a handler.

  @Test
  void handler_armsForNow() {
    wheel.schedule(5, 1);
    wheel.schedule(5, 2);
    List<Long> payloads = new ArrayList<>();
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          payloads.add(payload);
          wheel.schedule(5, payload + 10);
        };
    wheel.poll(5, handler, UNLIMITED);
    assertEquals(List.of(1L, 2L), payloads);
    assertEquals(5, wheel.nextDeadlineNs());
    assertEquals(List.of(11L, 12L), fire(5));
  }

  @Test
  void handler_postponesItself() {
    long armed = wheel.schedule(5, 1);
    wheel.poll(5, (handle, payload, at) -> assertTrue(wheel.postpone(handle, 50)), UNLIMITED);
    assertTrue(wheel.isArmed(armed));
    assertEquals(List.of(1L), fire(50));
  }

  @Test
  void handler_cancelsItselfAndItsNeighbour() {
    wheel.schedule(5, 1);
    long neighbour = wheel.schedule(5, 2);
    wheel.schedule(5, 3);
    List<Long> payloads = new ArrayList<>();
    wheel.poll(
        5,
        (handle, payload, deadlineNs) -> {
          payloads.add(payload);
          assertFalse(wheel.cancel(handle));
          assertEquals(payload == 1, wheel.cancel(neighbour));
        },
        UNLIMITED);
    assertEquals(List.of(1L, 3L), payloads);
  }

  @Test
  void handler_throws() {
    wheel.schedule(5, 1);
    wheel.schedule(5, 2);
    IllegalArgumentException thrown = new IllegalArgumentException("from the handler");
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          throw thrown;
        };
    assertEquals(
        thrown,
        assertThrows(IllegalArgumentException.class, () -> wheel.poll(5, handler, UNLIMITED)));
    assertEquals(List.of(2L), fire(5));
  }

  @Test
  void handler_polls() {
    wheel.schedule(5, 1);
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          IllegalStateException refused =
              assertThrows(IllegalStateException.class, () -> wheel.poll(9, IGNORE, 1));
          assertEquals(
              "poll: called from a timer handler (expected: not nested)", refused.getMessage());
          assertThrows(IllegalStateException.class, () -> wheel.pollOne(9, IGNORE));
        };
    assertEquals(1, wheel.poll(5, handler, UNLIMITED));
    assertEquals(0, wheel.poll(5, IGNORE, UNLIMITED));
  }

  @Test
  void handler_clears() {
    wheel.schedule(5, 1);
    wheel.schedule(5, 2);
    assertEquals(1, wheel.poll(5, (handle, payload, deadlineNs) -> wheel.clear(), UNLIMITED));
    assertEquals(0, wheel.size());
    wheel.checkInvariants();
  }

  // Postponing and the next deadline.

  @Test
  void postpone_takesItsPlaceAsIfArmedNow() {
    long first = wheel.schedule(5, 1);
    wheel.schedule(5, 2);
    assertTrue(wheel.postpone(first, 5));
    assertEquals(List.of(2L, 1L), fire(5));
  }

  @Test
  void postpone_whereItLies() {
    long earlier = wheel.schedule(4000, 2);
    wheel.schedule(9000, 1);
    wheel.schedule(20_000, 4);
    assertTrue(wheel.postpone(earlier, 9000));
    wheel.schedule(9000, 3);
    assertEquals(List.of(), fire(8999));
    assertEquals(9000, wheel.nextDeadlineNs());
    assertEquals(List.of(1L, 2L, 3L, 4L), fire(20_000));
  }

  @Test
  void postpone_thenEarlier() {
    long timer = wheel.schedule(4000, 1);
    wheel.schedule(9000, 2);
    assertTrue(wheel.postpone(timer, 1_000_000));
    assertTrue(wheel.postpone(timer, 2000));
    assertEquals(2000, wheel.nextDeadlineNs());
    assertEquals(List.of(1L), fire(2000));
    assertEquals(List.of(2L), fire(1_000_000));
  }

  @Test
  void postpone_thenCancel() {
    long timer = wheel.schedule(4000, 1);
    wheel.schedule(9000, 2);
    assertTrue(wheel.postpone(timer, 9000));
    assertTrue(wheel.cancel(timer));
    assertFalse(wheel.postpone(timer, 9001));
    wheel.schedule(9000, 3);
    assertEquals(List.of(2L, 3L), fire(9000));
  }

  /// The youngest is in no list, so that nothing is left of its first deadline.
  @Test
  void postpone_theYoungest() {
    long timer = wheel.schedule(4000, 1);
    assertTrue(wheel.postpone(timer, 9000));
    assertEquals(9000, wheel.nextDeadlineNs());
    assertEquals(List.of(1L), fire(9000));
  }

  @Test
  void postpone_inAHandlerForNow() {
    wheel.schedule(4000, 1);
    long other = wheel.schedule(5000, 2);
    wheel.schedule(9000, 3);
    List<Long> payloads = new ArrayList<>();
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          payloads.add(payload);
          wheel.postpone(other, 6000);
        };
    wheel.poll(7000, handler, UNLIMITED);
    assertEquals(List.of(1L), payloads);
    assertEquals(List.of(2L), fire(7000));
  }

  /// Three armed for a time, one postponed to it, two armed, one postponed to it: all in one list,
  /// but the postponed ones behind the others.
  private void postponedAmongEquals(long deadlineNs) {
    long earlier = wheel.schedule(3001, 4);
    long earliest = wheel.schedule(3000, 7);
    LongStream.rangeClosed(1, 3).forEach(payload -> wheel.schedule(deadlineNs, payload));
    wheel.postpone(earlier, deadlineNs);
    LongStream.rangeClosed(5, 6).forEach(payload -> wheel.schedule(deadlineNs, payload));
    wheel.postpone(earliest, deadlineNs);
    assertEquals(List.of(), fire(3001));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8, UNLIMITED})
  void postpone_amongEquals(int budget) {
    postponedAmongEquals(9000);
    List<Long> payloads = new ArrayList<>();
    while (wheel.isDue(9000)) {
      payloads.addAll(fire(9000, budget));
    }
    assertEquals(LongStream.rangeClosed(1, 7).boxed().toList(), payloads);
  }

  @Test
  void postpone_amongEqualsThenRewound() {
    crowd(8192);
    postponedAmongEquals(9000);
    assertEquals(payloadsOfCrowd(8192), fire(8196));
    crowd(100);
    assertEquals(payloadsOfCrowd(100), fire(8196));
    assertEquals(LongStream.rangeClosed(1, 7).boxed().toList(), fire(9000));
  }

  /// Half of the equals are sorted by number when a crowd in the past comes between, and another of
  /// them is armed.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 7, 8, 9, 10, 12, 14})
  void postpone_amongEqualsThenRewoundWhileSorting(int budget) {
    postponedAmongEquals(9000);
    List<Long> payloads = new ArrayList<>(fire(9000, budget));
    crowd(100);
    payloads.addAll(fire(9000, 1));
    wheel.schedule(9000, 8);
    payloads.addAll(fire(9000));
    payloads.removeAll(payloadsOfCrowd(100));
    assertEquals(LongStream.rangeClosed(1, 8).boxed().toList(), payloads);
  }

  /// A timer moves at most once to its slot and once for each digit of its number.
  @Test
  void postpone_manyEquals() {
    int count = 100_000;
    TimerWheel large = new TimerWheel(count, 0);
    Random random = new Random(7);
    List<Long> handles = new ArrayList<>();
    for (long i = 0; i < count / 2; i++) {
      handles.add(large.schedule(1_000_000_000L + random.nextInt(), i));
    }
    Collections.shuffle(handles, random);
    List<Long> expected = new ArrayList<>();
    long deadlineNs = 5_000_000_000L;
    for (int i = 0; i < count / 2; i++) {
      long armed = large.schedule(deadlineNs, i);
      long postponed = handles.get(i);
      assertTrue(large.postpone(postponed, deadlineNs));
      expected.addAll(i % 2 == 0 ? List.of(armed, postponed) : List.of(postponed));
      if (i % 2 != 0) {
        assertTrue(large.cancel(armed));
      }
    }
    List<Long> fired = new ArrayList<>();
    int budget = 1000;
    int polls = 0;
    while (large.isDue(deadlineNs)) {
      large.poll(deadlineNs, (handle, payload, at) -> fired.add(handle), budget);
      polls++;
    }
    assertEquals(expected, fired);
    int most = 4 + Digits.NUMBER_DIGITS;
    assertTrue(polls * budget <= most * count, "polls: " + polls);
  }

  /// Timers of minutes wait together, 34 s of them in one list. They come down from it while others
  /// fire, so that no poll has more to do than the budget here.
  @Test
  void poll_fullWindowBeginsWithoutPause() {
    int crowd = 5000;
    long tickNs = 10_000_000;
    int budget = 16;
    TimerWheel large = new TimerWheel(crowd + 1, 0);
    for (int i = 0; i < crowd; i++) {
      large.schedule(120_000_000_000L + i * 6_000_001L, i);
    }
    for (long nowNs = tickNs; nowNs < 160_000_000_000L; nowNs += tickNs) {
      large.schedule(nowNs, -1);
      large.poll(nowNs, IGNORE, budget);
      assertFalse(large.isDue(nowNs), "late at " + nowNs);
    }
    assertEquals(0, large.size());
  }

  /// With numbers of few bits nothing changes but how often a timer may stay where it lies.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 9, 42})
  void postpone_numbersRunOut(int numberBits) {
    TimerWheel small = new TimerWheel(12, 0, 1, numberBits);
    Random random = new Random(3);
    for (long round = 0; round < 3000; round++) {
      long firstNs = round * 10_000;
      List<Long> handles = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        handles.add(small.schedule(firstNs + 5000 + i, 0));
      }
      List<Long> expected = new ArrayList<>(handles);
      for (int kicks = random.nextInt(40); kicks > 0; kicks--) {
        long kicked = handles.get(random.nextInt(12));
        assertTrue(small.postpone(kicked, firstNs + 9000));
        expected.remove(kicked);
        expected.add(kicked);
      }
      List<Long> fired = new ArrayList<>();
      small.poll(firstNs + 9000, (handle, payload, at) -> fired.add(handle), UNLIMITED);
      small.checkLists();
      assertEquals(expected, fired);
    }
  }

  @Test
  void nextDeadlineNs_earlyOnceAfterPostpone() {
    long earliest = wheel.schedule(5000, 1);
    wheel.schedule(6_000_000, 2);
    for (int kick = 1; kick <= 10; kick++) {
      assertTrue(wheel.postpone(earliest, 5_000_000 + kick));
    }
    assertEquals(5000, wheel.nextDeadlineNs());
    assertEquals(List.of(), fire(5000));
    assertEquals(5_000_010, wheel.nextDeadlineNs());
  }

  @Test
  void nextDeadlineNs_earlyOnceAfterCancel() {
    assertEquals(TimerWheel.NO_DEADLINE, wheel.nextDeadlineNs());
    long earliest = wheel.schedule(5000, 1);
    wheel.schedule(6000, 2);
    wheel.schedule(6001, 3);
    assertTrue(wheel.cancel(earliest));
    assertEquals(5000, wheel.nextDeadlineNs());
    assertEquals(List.of(), fire(5000));
    assertEquals(6000, wheel.nextDeadlineNs());
  }

  @ParameterizedTest
  @CsvSource({
    "10, 5, 15",
    "10, -5, 5",
    "10, 9223372036854775807, 9223372036854775807",
    "-10, -9223372036854775808, -9223372036854775808",
    "9223372036854775807, 1, 9223372036854775807",
    "-9223372036854775808, -1, -9223372036854775808"
  })
  void deadlineNs_saturates(long nowNs, long delayNs, long expected) {
    assertEquals(expected, wheel.deadlineNs(nowNs, delayNs));
  }

  // What a spent budget leaves half done, and what then happens to it.

  @Test
  void rewind_givenUpKeepsTheNextDeadline() {
    wheel.schedule(5000, 2);
    wheel.schedule(100, 1);
    List<Long> past = crowd(-6);
    assertEquals(List.of(), fire(0, 1));
    past.forEach(wheel::cancel);
    assertEquals(100, wheel.nextDeadlineNs());
    assertEquals(List.of(1L, 2L), fire(5000));
  }

  @Test
  void rewind_shorterAfterOneGivenUp() {
    crowd(8197);
    assertEquals(List.of(8197L), fire(8197));
    wheel.schedule(12300, 5);
    List<Long> past = crowd(-6);
    assertEquals(List.of(), fire(8197, 1));
    past.forEach(wheel::cancel);
    crowd(8000);
    assertEquals(payloadsOfCrowd(8000), fire(8197));
    wheel.schedule(8300, 4);
    assertEquals(List.of(8198L, 8199L, 8200L, 8201L, 4L, 5L), fire(20000));
  }

  @Test
  void rewind_outOfAHalfEmptiedSlotThenGivenUp() {
    crowd(5000);
    wheel.schedule(1L << 30, 5);
    assertEquals(List.of(), fire(5000, 1));
    List<Long> past = crowd(-6);
    assertEquals(List.of(), fire(5000, 1));
    past.forEach(wheel::cancel);
    wheel.schedule(5000, 3);
    assertEquals(List.of(5000L, 3L, 5001L, 5002L, 5003L, 5004L, 5L), fire(1L << 30));
  }

  /// The past is half emptied when a longer rewind begins. That one is given up: the slot that it
  /// leaves open holds older timers than what is left of the past.
  @Test
  void rewind_givenUpWhileThePastIsHalfEmptied() {
    wheel.schedule(4_000_000, 6);
    LongStream.of(-1120, -1119, -1118).forEach(deadlineNs -> wheel.schedule(deadlineNs, 1));
    LongStream.of(-1120, -1119).forEach(deadlineNs -> wheel.schedule(deadlineNs, 2));
    assertEquals(List.of(), fire(56, 4));
    long earliest = wheel.schedule(-12_022, 0);
    LongStream.of(-7996, -3970, 56).forEach(deadlineNs -> wheel.schedule(deadlineNs, 5));
    assertEquals(List.of(), fire(56, 1));
    wheel.cancel(earliest);
    List<Long> payloads = new ArrayList<>();
    while (wheel.isDue(56)) {
      payloads.addAll(fire(56, 1));
    }
    assertEquals(List.of(5L, 5L, 1L, 2L, 1L, 2L, 1L, 5L), payloads);
  }

  /// Some of a half-emptied past have left it, and are before the few that are left.
  @Test
  void rewind_fewAreLeftInThePast() {
    wheel.schedule(100, 1);
    crowd(-6);
    assertEquals(List.of(), fire(0, 3));
    assertEquals(-6, wheel.nextDeadlineNs());
    assertEquals(List.of(), fire(0, 1));
    assertEquals(payloadsOfCrowd(-6), fire(0));
  }

  // Bad input.

  @ParameterizedTest
  @ValueSource(ints = {0, -1, TimerWheel.MAX_CAPACITY + 1, Integer.MAX_VALUE, Integer.MIN_VALUE})
  void new_capacityOutOfRange(int capacity) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new TimerWheel(capacity, 0));
    assertEquals("capacity: " + capacity + " (expected: 1 to 67000000)", refused.getMessage());
  }

  @Test
  void schedule_full() {
    TimerWheel small = new TimerWheel(2, 0);
    long first = small.schedule(5, 1);
    assertNotEquals(TimerWheel.NULL_HANDLE, small.schedule(6, 2));
    assertEquals(TimerWheel.NULL_HANDLE, small.schedule(4, 3));
    assertEquals(2, small.size());
    assertEquals(5, small.nextDeadlineNs());
    small.cancel(first);
    assertNotEquals(TimerWheel.NULL_HANDLE, small.schedule(4, 3));
    small.checkInvariants();
  }

  @Test
  void schedule_fullWhileFiring() {
    TimerWheel small = new TimerWheel(1, 0);
    small.schedule(5, 1);
    small.poll(
        5,
        (handle, payload, deadlineNs) -> {
          assertEquals(0, small.size());
          assertEquals(TimerWheel.NULL_HANDLE, small.schedule(6, 2));
        },
        UNLIMITED);
    assertNotEquals(TimerWheel.NULL_HANDLE, small.schedule(6, 2));
  }

  @Test
  void handle_anyOther() {
    long fired = wheel.schedule(1, 0);
    assertEquals(List.of(0L), fire(1));
    long live = wheel.schedule(5, 1);
    long cancelled = wheel.schedule(5, 2);
    assertTrue(wheel.cancel(cancelled));
    long foreign = new TimerWheel(16, 0).schedule(5, 3);
    long[] others = {
      TimerWheel.NULL_HANDLE,
      -1,
      1,
      Long.MIN_VALUE,
      Long.MAX_VALUE,
      ~live,
      live + 1,
      live - 1,
      -live,
      live ^ Long.MIN_VALUE,
      fired,
      cancelled,
      foreign
    };
    for (long handle : others) {
      assertFalse(wheel.cancel(handle), () -> "cancel " + handle);
      assertFalse(wheel.postpone(handle, 9), () -> "postpone " + handle);
      assertFalse(wheel.isArmed(handle), () -> "isArmed " + handle);
    }
    assertEquals(1, wheel.size());
    assertEquals(List.of(1L), fire(5));
  }

  @Test
  void handle_generationGrowsWithEachReuse() {
    TimerWheel fresh = new TimerWheel(1, 0, 5);
    for (long generation = 5; generation < 9; generation++) {
      long handle = fresh.schedule(5, 1);
      assertEquals(generation, handle >>> 26);
      assertTrue(fresh.cancel(handle));
    }
  }

  @Test
  void handle_generationsUsedUp() {
    long lastGeneration = (1L << 38) - 1;
    TimerWheel old = new TimerWheel(1, 0, lastGeneration);
    long last = old.schedule(5, 1);
    assertTrue(old.isArmed(last));
    assertTrue(old.cancel(last));
    assertEquals(TimerWheel.NULL_HANDLE, old.schedule(5, 2));
    old.checkInvariants();
  }

  // The essay.

  @Test
  void essay_tableOfLevels() throws IOException {
    String essay = Files.readString(Path.of("src/main/java/dev/tasko/wheel/TimerWheel.java"));
    List<String> rows =
        IntStream.range(1, Digits.LEVELS).mapToObj(TimerWheelTest::levelRow).toList();
    rows.forEach(System.out::println);
    rows.forEach(row -> assertTrue(essay.contains("/// " + row + "\n"), row));
  }

  private static String levelRow(int level) {
    int low = Digits.spanBits(level);
    int high = Digits.spanBits(level + 1) - 1;
    return String.format(
        Locale.ROOT,
        "   %d     bits %2d-%2d   %-18s %s",
        level,
        low,
        high,
        span(Math.pow(2, low)),
        span(Math.pow(2, high + 1)));
  }

  private static String span(double ns) {
    String[] units = {"ns", "us", "ms", "s", "days", "years"};
    double[] sizes = {1, 1e3, 1e6, 1e9, 86_400e9, 365.25 * 86_400e9};
    int unit = 0;
    while (unit + 1 < units.length && ns >= sizes[unit + 1]) {
      unit++;
    }
    double value = ns / sizes[unit];
    boolean whole = value == Math.rint(value) || value >= 100;
    return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
