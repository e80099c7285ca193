package dev.tasko.wheel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/// What the wheel promises, one property each. The numbers are those of the design's list.
///
/// Deadlines and times here are distances from the wheel's start.
@PropertyDefaults(tries = 200, edgeCases = EdgeCasesMode.NONE)
class TimerWheelPropertiesTest {
  private static final int UNLIMITED = Integer.MAX_VALUE;
  private static final int CAPACITY = 64;

  /// A wheel, what it fired, and a clock that starts anywhere.
  private static final class Rig implements TimerHandler {
    final TimerWheel wheel;
    final long startNs;
    final List<Long> payloads = new ArrayList<>();
    final List<Long> deadlines = new ArrayList<>();
    private long now;

    Rig(int capacity, long startNs) {
      wheel = new TimerWheel(capacity, startNs);
      this.startNs = startNs;
    }

    long schedule(long deadline, long payload) {
      return wheel.schedule(startNs + deadline, payload);
    }

    int poll(long time) {
      return poll(time, UNLIMITED);
    }

    int poll(long time, int budget) {
      now = time;
      int fired = wheel.poll(startNs + time, this, budget);
      wheel.checkInvariants();
      return fired;
    }

    boolean pollOne(long time) {
      now = time;
      return wheel.pollOne(startNs + time, this);
    }

    /// Polls again and again with a budget, until nothing is due.
    void drain(long time, int budget) {
      int enough = 100 + 20 * wheel.size();
      for (int polls = 0; wheel.isDue(startNs + time); polls++) {
        assertTrue(polls < enough, "no progress");
        poll(time, budget);
      }
    }

    @Override
    public void onTimer(long handle, long payload, long deadlineNs) {
      long deadline = deadlineNs - startNs;
      assertTrue(deadline <= now, "early");
      payloads.add(payload);
      deadlines.add(deadline);
    }
  }

  @Provide
  Arbitrary<Long> starts() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            0L,
            -1L,
            -5L,
            (1L << 31) - 50,
            (1L << 32) - 50,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 50,
            Long.MIN_VALUE,
            Long.MIN_VALUE + 3),
        Arbitraries.longs());
  }

  /// Near the edges of slots and levels, and anywhere.
  @Provide
  Arbitrary<Long> distances() {
    Arbitrary<Long> edges =
        Combinators.combine(
                Arbitraries.integers().between(0, 62), Arbitraries.longs().between(-2, 2))
            .as((bits, nudge) -> (1L << bits) + nudge);
    Arbitrary<Long> anywhere =
        Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(1, 63))
            .as((bits, shift) -> bits >>> shift);
    return Arbitraries.oneOf(edges, anywhere, Arbitraries.longs().between(0, 10));
  }

  @Provide
  Arbitrary<Long> anyDeadlines() {
    return Arbitraries.oneOf(
        distances(),
        distances().map(distance -> -distance),
        Arbitraries.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1));
  }

  private static Rig armed(long startNs, List<Long> deadlines) {
    Rig rig = new Rig(CAPACITY, startNs);
    for (int i = 0; i < deadlines.size(); i++) {
      rig.schedule(deadlines.get(i), i);
    }
    return rig;
  }

  /// The payloads in the order of deadline, then arming: a stable sort.
  private static List<Long> expected(List<Long> deadlines, long now) {
    TreeMap<Long, List<Long>> sorted = new TreeMap<>();
    for (int i = 0; i < deadlines.size(); i++) {
      sorted.computeIfAbsent(deadlines.get(i), key -> new ArrayList<>()).add((long) i);
    }
    return sorted.headMap(now, true).values().stream().flatMap(List::stream).toList();
  }

  @Property
  void property01_neverEarlyAndAllThatIsDue(
      @ForAll("starts") long startNs,
      @ForAll("anyDeadlines") long now,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig rig = armed(startNs, deadlines);
    rig.poll(now);
    assertEquals(
        new HashSet<>(expected(deadlines, now)), new HashSet<>(rig.payloads), "what was due");
    assertEquals(deadlines.size(), rig.payloads.size() + rig.wheel.size());
  }

  @Property
  void property02_orderOfDeadlineThenArming(
      @ForAll("starts") long startNs,
      @ForAll @Size(max = 6) List<@From("distances") Long> times,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll boolean equalOnes) {
    List<Long> armed =
        equalOnes ? deadlines.stream().map(deadline -> deadline & 0xf003L).toList() : deadlines;
    Rig rig = armed(startNs, armed);
    times.stream().sorted().forEach(rig::poll);
    rig.poll(Long.MAX_VALUE);
    assertEquals(expected(armed, Long.MAX_VALUE), rig.payloads);
  }

  @Property
  void property03_eachArmingFiresOrCancelsOnce(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll @Size(CAPACITY) List<Boolean> cancelled) {
    Rig rig = new Rig(CAPACITY, startNs);
    List<Long> handles = new ArrayList<>();
    deadlines.forEach(deadline -> handles.add(rig.schedule(deadline, handles.size())));
    int count = 0;
    for (int i = 0; i < handles.size(); i++) {
      if (cancelled.get(i)) {
        assertTrue(rig.wheel.cancel(handles.get(i)));
        assertFalse(rig.wheel.cancel(handles.get(i)));
        count++;
      }
      assertEquals(deadlines.size() - count, rig.wheel.size());
    }
    rig.poll(now);
    rig.poll(now);
    rig.poll(Long.MAX_VALUE);
    rig.poll(Long.MAX_VALUE);
    assertEquals(deadlines.size() - count, rig.payloads.size());
    assertEquals(rig.payloads.size(), new HashSet<>(rig.payloads).size());
    rig.payloads.forEach(payload -> assertFalse(cancelled.get(payload.intValue())));
    handles.forEach(handle -> assertFalse(rig.wheel.cancel(handle)));
    assertEquals(0, rig.wheel.size());
  }

  @Property
  void property04_nextDeadlineIsExactWithoutCancel(
      @ForAll("starts") long startNs,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig rig = armed(startNs, deadlines);
    List<Long> sorted = new ArrayList<>(deadlines);
    Collections.sort(sorted);
    for (long deadline : sorted) {
      assertEquals(startNs + deadline, rig.wheel.nextDeadlineNs());
      assertTrue(rig.wheel.isDue(startNs + deadline));
      assertFalse(
          deadline != Long.MIN_VALUE && rig.wheel.isDue(startNs + deadline - 1), "due early");
      assertTrue(rig.pollOne(deadline));
    }
    assertEquals(TimerWheel.NO_DEADLINE, rig.wheel.nextDeadlineNs());
  }

  @Property
  void property04_aCancelledTimerWakesAtMostOnce(
      @ForAll("starts") long startNs,
      @ForAll @Size(min = 1, max = CAPACITY) List<@From("distances") Long> deadlines,
      @ForAll @Size(CAPACITY) List<Boolean> cancelled) {
    Rig rig = new Rig(CAPACITY, startNs);
    List<Long> handles = new ArrayList<>();
    deadlines.forEach(deadline -> handles.add(rig.schedule(deadline, handles.size())));
    int allowed = 0;
    for (int i = 0; i < handles.size(); i++) {
      if (cancelled.get(i)) {
        rig.wheel.cancel(handles.get(i));
        allowed++;
      }
    }
    long last = Long.MIN_VALUE;
    while (rig.wheel.size() > 0) {
      long next = rig.wheel.nextDeadlineNs() - startNs;
      assertTrue(next > last, "woken twice");
      last = next;
      if (rig.poll(next) == 0) {
        allowed--;
      }
    }
    assertTrue(allowed >= 0, "more wakes than timers cancelled");
  }

  @Property
  void property05_structureHoldsAfterEveryStep(
      @ForAll("starts") long startNs,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll @Size(max = 20) List<@From("anyDeadlines") Long> times,
      @ForAll @IntRange(min = 1, max = 9) int budget) {
    Rig rig = new Rig(CAPACITY, startNs);
    for (int i = 0; i < deadlines.size(); i++) {
      rig.schedule(deadlines.get(i), i);
      rig.wheel.checkInvariants();
    }
    times.forEach(time -> rig.poll(time, budget));
    rig.wheel.clear();
    rig.wheel.checkInvariants();
  }

  @Property
  void property06_anyOtherHandleCancelsNothing(
      @ForAll("starts") long startNs,
      @ForAll long garbage,
      @ForAll @LongRange(max = 1 << 27) long small) {
    Rig rig = new Rig(4, startNs);
    long fired = rig.schedule(0, 0);
    rig.poll(0);
    long cancelled = rig.schedule(5, 1);
    rig.wheel.cancel(cancelled);
    long live = rig.schedule(7, 2);
    long foreign = new TimerWheel(4, startNs).schedule(startNs, 0);
    for (long handle :
        new long[] {
          TimerWheel.NULL_HANDLE,
          -1,
          Long.MIN_VALUE,
          Long.MAX_VALUE,
          garbage,
          small,
          ~live,
          live + 1,
          live - 1,
          live ^ 1L << 26,
          fired,
          cancelled,
          foreign
        }) {
      if (handle != live) {
        assertFalse(rig.wheel.cancel(handle));
        assertFalse(rig.wheel.postpone(handle, startNs));
        assertFalse(rig.wheel.isArmed(handle));
      }
    }
    assertTrue(rig.wheel.isArmed(live));
    assertEquals(startNs + 7, rig.wheel.nextDeadlineNs());
  }

  @Property
  void property06_cancelledInAHandlerNeverFires(
      @ForAll("starts") long startNs,
      @ForAll @Size(min = 2, max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll boolean equalOnes) {
    Rig rig = new Rig(CAPACITY, startNs);
    List<Long> handles = new ArrayList<>();
    deadlines.forEach(
        deadline -> handles.add(rig.schedule(equalOnes ? 3 : deadline, handles.size())));
    Set<Long> fired = new HashSet<>();
    Set<Long> cancelled = new HashSet<>();
    rig.wheel.poll(
        startNs + Long.MAX_VALUE,
        (handle, payload, deadlineNs) -> {
          assertFalse(rig.wheel.cancel(handle), "self");
          assertFalse(cancelled.contains(payload));
          fired.add(payload);
          long other = (payload + 1) % deadlines.size();
          assertEquals(
              !fired.contains(other) && !cancelled.contains(other),
              rig.wheel.cancel(handles.get((int) other)));
          if (!fired.contains(other)) {
            cancelled.add(other);
          }
        },
        UNLIMITED);
    assertEquals(deadlines.size(), fired.size() + cancelled.size());
  }

  @Property
  void property07_staleHandleNeverAffectsTheReusedRecord(
      @ForAll("starts") long startNs, @ForAll @IntRange(min = 1, max = 50) int reuses) {
    Rig rig = new Rig(1, startNs);
    Set<Long> stale = new HashSet<>();
    for (int i = 0; i < reuses; i++) {
      long handle = rig.schedule(i, i);
      assertTrue(stale.stream().noneMatch(rig.wheel::cancel));
      assertTrue(stale.stream().noneMatch(old -> rig.wheel.postpone(old, startNs)));
      assertTrue(stale.add(handle), "given twice");
      if (i % 2 == 0) {
        assertTrue(rig.wheel.cancel(handle));
      } else {
        assertEquals(1, rig.poll(i));
      }
    }
  }

  @Property
  void property07_aRecordOutOfGenerationsRetires(
      @ForAll @IntRange(min = 1, max = 9) int capacity,
      @ForAll @IntRange(min = 0, max = 5) int generations) {
    TimerWheel wheel = new TimerWheel(capacity, 0, WheelDriver.LAST_GENERATION - generations);
    Set<Long> handles = new HashSet<>();
    for (int i = 0; i < capacity * (generations + 1); i++) {
      long handle = wheel.schedule(i, i);
      assertNotEquals(TimerWheel.NULL_HANDLE, handle);
      assertTrue(handles.add(handle));
      assertTrue(wheel.cancel(handle));
      wheel.checkInvariants();
    }
    assertEquals(TimerWheel.NULL_HANDLE, wheel.schedule(0, 0));
    assertTrue(handles.stream().noneMatch(wheel::cancel));
  }

  /// The cursor stands somewhere; around it, and around every slot and level edge after it, one
  /// timer each.
  @Property
  void property08_everyBoundary(
      @ForAll("starts") long startNs,
      @ForAll("distances") long distance,
      @ForAll @IntRange(min = 1, max = 6) int level,
      @ForAll @LongRange(min = -1, max = 1) long nudge) {
    long now = distance >> 2;
    Rig rig = armed(startNs, List.of(now, now));
    rig.poll(now, 3);
    rig.poll(now);
    rig.payloads.clear();
    int bits = Digits.spanBits(level);
    long slotStart = (now >> bits) << bits;
    List<Long> deadlines =
        List.of(
            now,
            now - 1,
            now + 1,
            slotStart + nudge,
            slotStart + (1L << bits) + nudge,
            slotStart + (2L << bits) + nudge,
            (now | ((1L << bits) - 1)) + nudge,
            now);
    for (int i = 0; i < deadlines.size(); i++) {
      rig.schedule(deadlines.get(i), i);
    }
    for (long deadline : deadlines.stream().distinct().sorted().toList()) {
      rig.poll(deadline - 1);
      assertEquals(expected(deadlines, deadline - 1), rig.payloads);
      rig.poll(deadline);
      assertEquals(expected(deadlines, deadline), rig.payloads);
    }
    assertEquals(deadlines.size(), rig.payloads.size());
  }

  @Property
  void property09_extremeDeadlines(@ForAll("starts") long startNs, @ForAll long now) {
    List<Long> deadlines =
        List.of(Long.MAX_VALUE, 0L, Long.MIN_VALUE, -1L, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1);
    Rig rig = armed(startNs, deadlines);
    rig.poll(now);
    assertEquals(expected(deadlines, now), rig.payloads);
    rig.poll(Long.MAX_VALUE);
    assertEquals(expected(deadlines, Long.MAX_VALUE), rig.payloads);
  }

  @Property
  void property09_delaysSaturate(
      @ForAll("starts") long startNs, @ForAll long now, @ForAll long delay) {
    TimerWheel wheel = new TimerWheel(1, startNs);
    long deadline = wheel.deadlineNs(startNs + now, delay) - startNs;
    BigInteger exact = BigInteger.valueOf(now).add(BigInteger.valueOf(delay));
    BigInteger bounded =
        exact.min(BigInteger.valueOf(Long.MAX_VALUE)).max(BigInteger.valueOf(Long.MIN_VALUE));
    assertEquals(bounded.longValueExact(), deadline);
  }

  @Property
  void property10_theClockStartsAnywhereAndWraps(
      @ForAll("starts") long startNs,
      @ForAll @Size(max = 20) List<@From("distances") Long> steps,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig moved = armed(startNs, deadlines);
    Rig atZero = armed(0, deadlines);
    long now = 0;
    for (long step : steps) {
      now += step;
      assertEquals(atZero.poll(now), moved.poll(now));
      assertEquals(atZero.wheel.size(), moved.wheel.size());
    }
    assertEquals(atZero.payloads, moved.payloads);
    assertEquals(atZero.deadlines, moved.deadlines);
  }

  @Property
  void property11_oneJumpEqualsManySmallPolls(
      @ForAll("starts") long startNs,
      @ForAll("distances") long end,
      @ForAll @IntRange(min = 1, max = 5) int budget,
      @ForAll @Size(max = 30) List<@From("distances") Long> stops,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig jumping = armed(startNs, deadlines);
    Rig walking = armed(startNs, deadlines);
    stops.stream().filter(stop -> stop < end).sorted().forEach(stop -> walking.drain(stop, budget));
    jumping.poll(end);
    walking.drain(end, budget);
    assertEquals(jumping.payloads, walking.payloads);
    assertEquals(jumping.wheel.nextDeadlineNs(), walking.wheel.nextDeadlineNs());
  }

  @Property
  void property11_jumpsAcrossEveryLevel(
      @ForAll("starts") long startNs, @ForAll @LongRange(min = -1, max = 1) long nudge) {
    for (long jump :
        new long[] {
          1,
          63,
          64,
          65,
          2047,
          2048,
          2049,
          1L << 22,
          1L << 36,
          1L << 41,
          1L << 48,
          1L << 60,
          Long.MAX_VALUE - 1
        }) {
      List<Long> deadlines = List.of(jump, 0L, 1L, jump + nudge, jump + nudge, jump);
      Rig rig = armed(startNs, deadlines);
      for (long now : new long[] {jump - 2, jump - 1, jump, jump + 1}) {
        rig.poll(now);
        assertEquals(expected(deadlines, now), rig.payloads);
      }
    }
  }

  @Property
  void property12_backwardsAndRepeatedTimesDoNothing(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll("distances") long back,
      @ForAll @Size(max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig rig = armed(startNs, deadlines);
    int due = rig.poll(now);
    assertEquals(0, rig.poll(now));
    assertEquals(0, rig.poll(now));
    assertEquals(0, rig.poll(now - Math.max(0, back)));
    assertEquals(0, rig.poll(Long.MIN_VALUE));
    assertEquals(due, rig.payloads.size());
    rig.schedule(now, -1);
    assertEquals(0, rig.poll(now - 1));
    assertEquals(1, rig.poll(now));
  }

  @Property
  void property13_armedInAHandlerFiresInALaterPoll(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll @Size(max = 20) List<@From("anyDeadlines") Long> inHandler) {
    Rig rig = new Rig(CAPACITY, startNs);
    rig.schedule(now - 1, -1);
    rig.schedule(now, -2);
    int fired =
        rig.wheel.poll(
            startNs + now,
            (handle, payload, deadlineNs) -> {
              if (payload == -1) {
                for (int i = 0; i < inHandler.size(); i++) {
                  rig.schedule(inHandler.get(i), i);
                }
              }
            },
            UNLIMITED);
    assertEquals(2, fired);
    rig.poll(now);
    assertEquals(expected(inHandler, now), rig.payloads);
    rig.poll(Long.MAX_VALUE);
    assertEquals(expected(inHandler, Long.MAX_VALUE), rig.payloads);
  }

  @Property
  void property14_aTimerMayArmItselfAgain(
      @ForAll("starts") long startNs,
      @ForAll @LongRange(min = 1, max = 1L << 40) long period,
      @ForAll @IntRange(min = 1, max = 50) int rounds) {
    TimerWheel wheel = new TimerWheel(1, startNs);
    long only = wheel.schedule(startNs + period, 7);
    List<Long> seen = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      assertFalse(wheel.pollOne(startNs + round * period - 1, (h, p, d) -> seen.add(-1L)));
      assertTrue(
          wheel.pollOne(
              startNs + round * period,
              (handle, payload, deadlineNs) -> {
                assertEquals(only, handle);
                assertFalse(wheel.isArmed(handle));
                assertTrue(wheel.postpone(handle, deadlineNs + period));
                assertTrue(wheel.isArmed(handle));
                seen.add(deadlineNs);
              }));
      assertEquals(startNs + round * period, seen.getLast());
      assertTrue(wheel.isArmed(only));
    }
    assertTrue(wheel.cancel(only));
    assertEquals(rounds, seen.size());
  }

  @Property
  void property14_handlersArmUntilTheWheelIsFullAndMayNotPoll(
      @ForAll("starts") long startNs, @ForAll @IntRange(min = 1, max = CAPACITY) int capacity) {
    TimerWheel wheel = new TimerWheel(capacity, startNs);
    wheel.schedule(startNs, 0);
    TimerHandler greedy =
        (handle, payload, deadlineNs) -> {
          for (int i = 1; i < capacity; i++) {
            assertNotEquals(TimerWheel.NULL_HANDLE, wheel.schedule(startNs, i));
          }
          assertEquals(TimerWheel.NULL_HANDLE, wheel.schedule(startNs, 0));
          assertThrows(
              IllegalStateException.class, () -> wheel.poll(startNs, (h, p, d) -> {}, UNLIMITED));
          wheel.checkInvariants();
        };
    assertEquals(1, wheel.poll(startNs, greedy, UNLIMITED));
    assertEquals(capacity - 1, wheel.poll(startNs, (h, p, d) -> {}, UNLIMITED));
  }

  @Property
  void property15_aThrowingHandlerConsumesItsTimerOnly(
      @ForAll("starts") long startNs,
      @ForAll @Size(min = 1, max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll @IntRange(min = 0, max = CAPACITY - 1) int thrower) {
    Rig rig = armed(startNs, deadlines);
    RuntimeException thrown = new IllegalArgumentException("from the handler");
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          rig.payloads.add(payload);
          if (payload == thrower % deadlines.size()) {
            throw thrown;
          }
        };
    long end = startNs + Long.MAX_VALUE;
    assertEquals(
        thrown,
        assertThrows(
            IllegalArgumentException.class, () -> rig.wheel.poll(end, handler, UNLIMITED)));
    rig.wheel.checkInvariants();
    assertEquals(deadlines.size() - rig.payloads.size(), rig.wheel.size());
    rig.wheel.poll(end, (h, payload, d) -> rig.payloads.add(payload), UNLIMITED);
    assertEquals(expected(deadlines, Long.MAX_VALUE), rig.payloads);
  }

  @Property
  void property16_aSpentBudgetLosesNothing(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll @IntRange(min = 1, max = 10) int budget,
      @ForAll @Size(max = 30) List<@From("anyDeadlines") Long> first,
      @ForAll @Size(max = 30) List<@From("anyDeadlines") Long> later) {
    Rig rig = armed(startNs, first);
    rig.poll(now, budget);
    rig.poll(now, budget);
    Set<Long> alreadyFired = new HashSet<>(rig.payloads);
    for (int i = 0; i < later.size(); i++) {
      rig.schedule(later.get(i), first.size() + i);
    }
    List<Long> all = new ArrayList<>(first);
    all.addAll(later);
    rig.payloads.clear();
    rig.drain(Long.MAX_VALUE, budget);
    List<Long> rest =
        expected(all, Long.MAX_VALUE).stream().filter(i -> !alreadyFired.contains(i)).toList();
    assertEquals(rest, rig.payloads);
  }

  @Property
  void property17_aTimerThatArmsItselfForNowStarvesNobody(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll @IntRange(min = 1, max = 3) int budget,
      @ForAll @Size(max = 20) List<@From("anyDeadlines") Long> deadlines) {
    Rig rig = armed(startNs, deadlines);
    rig.schedule(now, -1);
    List<Long> others = new ArrayList<>();
    TimerHandler handler =
        (handle, payload, deadlineNs) -> {
          if (payload == -1) {
            assertTrue(rig.wheel.postpone(handle, startNs + now));
          } else {
            others.add(payload);
          }
        };
    int enough = 100 + 30 * rig.wheel.size();
    for (int i = 0; i < enough; i++) {
      rig.wheel.poll(startNs + now, handler, budget);
    }
    assertEquals(expected(deadlines, now), others);
  }

  @Property
  void property18_aFullWheelRefusesAndChangesNothing(
      @ForAll("starts") long startNs,
      @ForAll @Size(min = 1, max = CAPACITY) List<@From("anyDeadlines") Long> deadlines,
      @ForAll("anyDeadlines") long refused) {
    Rig rig = new Rig(deadlines.size(), startNs);
    for (int i = 0; i < deadlines.size(); i++) {
      rig.schedule(deadlines.get(i), i);
    }
    long next = rig.wheel.nextDeadlineNs();
    assertEquals(TimerWheel.NULL_HANDLE, rig.schedule(refused, -1));
    assertEquals(deadlines.size(), rig.wheel.size());
    assertEquals(next, rig.wheel.nextDeadlineNs());
    rig.poll(Long.MAX_VALUE);
    assertEquals(expected(deadlines, Long.MAX_VALUE), rig.payloads);
  }

  @Example
  void property22_nothingIsAllocated() {
    AllocationProbe probe = new AllocationProbe();
    long leastBytes = Long.MAX_VALUE;
    long previousBytes = Long.MAX_VALUE;
    for (int round = 0; round < 20 && leastBytes > 0; round++) {
      long bytes = probe.bytesOfRound();
      leastBytes = Math.min(leastBytes, Math.max(previousBytes, bytes));
      previousBytes = bytes;
    }
    assertEquals(0, leastBytes);
    assertTrue(probe.fired() > 10_000 && probe.thrown() > 100, probe.toString());
  }

  @Property
  void property23_clearInAHandlerAndWithLiveTimers(
      @ForAll("starts") long startNs,
      @ForAll("distances") long now,
      @ForAll @IntRange(min = 1, max = 8) int budget,
      @ForAll @Size(min = 1, max = CAPACITY) List<@From("anyDeadlines") Long> deadlines) {
    Rig rig = armed(startNs, deadlines);
    rig.poll(now, budget);
    rig.wheel.clear();
    rig.wheel.checkInvariants();
    assertEquals(0, rig.wheel.size());
    assertEquals(TimerWheel.NO_DEADLINE, rig.wheel.nextDeadlineNs());
    for (int i = 0; i < CAPACITY; i++) {
      assertNotEquals(TimerWheel.NULL_HANDLE, rig.schedule(now, i));
    }
    int fired =
        rig.wheel.poll(
            startNs + now,
            (handle, payload, deadlineNs) -> {
              rig.schedule(now, 1);
              rig.wheel.clear();
              assertEquals(0, rig.wheel.size());
              rig.wheel.checkInvariants();
            },
            UNLIMITED);
    assertEquals(1, fired);
    assertEquals(0, rig.poll(Long.MAX_VALUE));
    rig.wheel.checkInvariants();
  }
}
