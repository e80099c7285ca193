package dev.tasko.wheel;

import dev.tasko.wheel.Operation.Base;
import dev.tasko.wheel.Operation.Kind;
import dev.tasko.wheel.Operation.Time;
import dev.tasko.wheel.WheelDriver.Setup;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Writes random programs. Every batch has a character of its own: how far its times reach, how
/// much of it lies in the past, how small its budgets are, how large its wheel is. In some, crowds
/// in the past and small budgets come together, so that rewinds are begun and given up. In some,
/// timers are postponed to few deadlines again and again, in any order, among timers armed for the
/// same. The numbers that settle such ties are short in half of them, and run out.
final class OperationGenerator {
  private static final long[] STARTS = {
    0, -5, (1L << 31) - 50, (1L << 32) - 50, Long.MAX_VALUE - 50, Long.MIN_VALUE + 3
  };
  private static final int[] CAPACITIES = {1, 2, 3, 5, 8, 16, 16, 32, 32, 64, 128, 300, 1000, 4000};
  private static final long[] SPECIAL = {
    0, 1, -1, Long.MAX_VALUE, Long.MAX_VALUE - 1, Long.MIN_VALUE, Long.MIN_VALUE + 1, 1L << 62
  };

  private final SplittableRandom random;
  private final Set<Kind> dropped;
  private final Setup setup;
  private final int maxBits;

  /// How many levels have slots that the times reach across.
  private final int levels;

  private final int pastPercent;
  private final int backwardsPercent;
  private final boolean givingUp;
  private final boolean kicking;
  private final int budgetStyle;
  private final int reactionPercent;
  private final int firstPercent;
  private final int crowdPercent;
  private final int edgePercent;

  /// @param seed of the batch
  /// @param batch its number, which chooses the start
  /// @param dropped kinds that must not occur
  OperationGenerator(long seed, long batch, Set<Kind> dropped) {
    random = new SplittableRandom(seed);
    this.dropped = dropped;
    givingUp = random.nextInt(3) == 0;
    int capacity =
        givingUp ? 8 + random.nextInt(56) : CAPACITIES[random.nextInt(CAPACITIES.length)];
    long generation =
        random.nextInt(10) == 0
            ? WheelDriver.LAST_GENERATION - random.nextInt(1 << random.nextInt(10))
            : 1 + random.nextLong(WheelDriver.LAST_GENERATION / 2);
    int checkEvery = capacity <= 64 ? 1 : capacity / 16;
    long start =
        random.nextInt(10) == 0 ? random.nextLong() : STARTS[(int) (batch % STARTS.length)];
    int numberBits = random.nextInt(2) == 0 ? 1 + random.nextInt(14) : Digits.NUMBER_BITS;
    setup = new Setup(capacity, start, generation, numberBits, checkEvery);
    kicking = random.nextInt(3) == 0;
    maxBits = 2 + random.nextInt(random.nextInt(4) == 0 ? 61 : 40);
    levels = levels(maxBits);
    pastPercent = givingUp || random.nextInt(3) == 0 ? 40 : 8;
    backwardsPercent = random.nextInt(4) == 0 ? 20 : 2;
    budgetStyle = random.nextInt(givingUp ? 2 : 5);
    edgePercent = random.nextInt(4) == 0 ? 60 : 8;
    firstPercent = givingUp || random.nextInt(3) == 0 ? 70 : 5;
    crowdPercent = givingUp ? 30 : 10;
    reactionPercent = random.nextInt(4) == 0 ? 60 : 15;
  }

  private static int levels(int maxBits) {
    int levels = 1;
    while (levels < Digits.LEVELS - 2 && Digits.spanBits(levels + 1) <= maxBits) {
      levels++;
    }
    return levels;
  }

  static OperationGenerator of(long seed, long batch) {
    return new OperationGenerator(seed, batch, EnumSet.noneOf(Kind.class));
  }

  Setup setup() {
    return setup;
  }

  List<Operation> program(int length) {
    List<Operation> program = new ArrayList<>(length);
    while (program.size() < length) {
      if (givingUp && random.nextInt(16) == 0) {
        giveUp(program);
      } else if (kicking && random.nextInt(12) == 0) {
        kick(program);
      } else if (kicking && random.nextInt(40) == 0) {
        kickAlone(program);
      } else {
        add(program, outer());
      }
    }
    return program;
  }

  private void add(List<Operation> program, Operation operation) {
    if (!dropped.contains(operation.kind())) {
      program.add(operation);
    }
  }

  /// Brings the cursor to the clock. Then come a crowd in the past, of older and younger timers for
  /// the same times, and another before it, and some work on each; and the second is cancelled and
  /// the work on it was for nothing.
  private void giveUp(List<Operation> program) {
    add(program, new Operation(Kind.SCHEDULE, -1, Time.NOW, 6, List.of()));
    add(program, new Operation(Kind.POLL, 0, Time.NOW, Operation.UNLIMITED, List.of()));
    long past = distance();
    Operation crowd = schedule(2 + random.nextInt(5), new Time(Base.NOW, 0, -past), 1);
    add(program, crowd);
    add(program, crowd);
    addPolls(program);
    int before = 1 + random.nextInt(6);
    add(program, schedule(before, new Time(Base.NOW, 0, -past - distance()), 1));
    addPolls(program);
    for (int cancelled = before + nudge(); cancelled > 0; cancelled--) {
      add(program, plain(Kind.CANCEL_FIRST));
    }
  }

  /// Postpones timers to a few deadlines, and arms others for them, some time before they are due.
  /// Then the time comes, and they are served in small steps, with more of the same between, and
  /// perhaps a crowd in the past.
  private void kick(List<Operation> program) {
    long first = distance();
    long second = first + random.nextInt(3) * (1 + distance());
    for (int kicks = random.nextInt(8 + crowd()); kicks > 0; kicks--) {
      Time time = new Time(Base.NOW, 0, random.nextInt(3) == 0 ? second : first);
      add(program, kickOrArm(time));
    }
    for (long at : new long[] {first / 2, first - first / 2, second - first}) {
      Time time = new Time(Base.NOW, 0, at + nudge());
      add(program, new Operation(Kind.POLL_AT, 0, time, budget(), List.of()));
      if (random.nextInt(4) == 0) {
        add(program, schedule(5, new Time(Base.NOW, 0, -distance()), 1));
      }
      for (int steps = random.nextInt(6); steps > 0; steps--) {
        add(program, kickOrArm(new Time(Base.LAST, 0, 0)));
        add(program, new Operation(Kind.POLL, 0, Time.NOW, budget(), List.of()));
      }
    }
  }

  /// The same with no other timers about: some of the equals go to a slot of their own, some are
  /// postponed to it, some are armed behind those; and before they are due a crowd in the past
  /// brings the cursor back.
  private void kickAlone(List<Operation> program) {
    add(program, plain(Kind.CLEAR));
    long first = distance();
    Time second = new Time(Base.NOW, 0, first + distance());
    add(program, schedule(2, new Time(Base.NOW, 0, first), 1));
    for (int rounds = 2 + random.nextInt(2); rounds > 0; rounds--) {
      add(program, new Operation(Kind.SCHEDULE, 0, second, 1 + random.nextInt(3), List.of()));
      add(program, new Operation(Kind.POSTPONE_FIRST, 0, second, 0, List.of()));
    }
    add(program, new Operation(Kind.POLL_AT, 0, new Time(Base.NOW, 0, first), 100, List.of()));
    add(program, schedule(5, new Time(Base.NOW, 0, -distance()), 1));
    add(program, new Operation(Kind.POLL, 0, Time.NOW, budget(), List.of()));
    add(program, new Operation(Kind.POLL_AT, 0, new Time(Base.LAST, 0, 0), budget(), List.of()));
    add(program, new Operation(Kind.POLL_AT, 0, new Time(Base.NEXT, 0, 0), budget(), List.of()));
  }

  private Operation kickOrArm(Time time) {
    int roll = random.nextInt(20);
    if (roll < 5) {
      return schedule(1 + random.nextInt(3), time, 1);
    } else if (roll == 5) {
      return plain(Kind.CANCEL);
    }
    return new Operation(Kind.POSTPONE, random.nextInt(1 << 20), time, 0, List.of());
  }

  private void addPolls(List<Operation> program) {
    for (int polls = random.nextInt(8); polls > 0; polls--) {
      add(program, new Operation(Kind.POLL, 0, Time.NOW, 1 + random.nextInt(2), List.of()));
    }
  }

  private Operation outer() {
    int roll = random.nextInt(1000);
    if (roll < 330) {
      return schedule(random.nextInt(100) < crowdPercent ? crowd() : 1, 2);
    } else if (roll < 530) {
      return new Operation(Kind.POLL_AT, 0, clock(), budget(), List.of());
    } else if (roll < 630) {
      return new Operation(Kind.POLL, 0, Time.NOW, budget(), List.of());
    } else if (roll < 680) {
      return plain(Kind.POLL_ONE);
    } else if (roll < 720) {
      return new Operation(Kind.ADVANCE, 0, clock(), 0, List.of());
    } else if (roll < 722) {
      return plain(Kind.CLEAR);
    }
    return common();
  }

  /// Operations that make sense outside and in a handler.
  private Operation common() {
    int roll = random.nextInt(100);
    if (roll < 24) {
      return plain(random.nextInt(100) < firstPercent ? Kind.CANCEL_FIRST : Kind.CANCEL);
    } else if (roll < 29) {
      return plain(Kind.CANCEL_STALE);
    } else if (roll < 34) {
      return new Operation(Kind.CANCEL_GARBAGE, garbage(), Time.NOW, 0, List.of());
    } else if (roll < 38) {
      return plain(Kind.CANCEL_SELF);
    } else if (roll < 46) {
      return plain(Kind.CANCEL_NEXT);
    } else if (roll < 76) {
      return timed(random.nextInt(100) < firstPercent ? Kind.POSTPONE_FIRST : Kind.POSTPONE);
    } else if (roll < 80) {
      return timed(Kind.POSTPONE_STALE);
    } else if (roll < 85) {
      return timed(Kind.POSTPONE_SELF);
    } else if (roll < 90) {
      return timed(Kind.POSTPONE_NEXT);
    }
    return timed(Kind.ASK);
  }

  private Operation reaction(int depth) {
    int roll = random.nextInt(100);
    if (roll < 28) {
      return schedule(1, depth);
    } else if (roll < 30) {
      return schedule(1 + random.nextInt(6), depth);
    } else if (roll < 45) {
      return timed(Kind.POSTPONE_SELF);
    } else if (roll < 50) {
      return plain(Kind.THROW);
    } else if (roll < 51) {
      return plain(Kind.CLEAR);
    } else if (roll < 54) {
      return timed(Kind.NESTED_POLL);
    } else if (roll < 57) {
      return new Operation(Kind.POLL, 0, Time.NOW, budget(), List.of());
    } else if (roll < 63) {
      return plain(Kind.CANCEL_SELF);
    } else if (roll < 73) {
      return plain(Kind.CANCEL_NEXT);
    }
    return common();
  }

  private Operation schedule(int count, int depth) {
    return schedule(count, deadline(), depth);
  }

  private Operation schedule(int count, Time time, int depth) {
    List<Operation> reactions = new ArrayList<>();
    if (depth > 0 && random.nextInt(100) < reactionPercent) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        Operation reaction = reaction(depth - 1);
        if (!dropped.contains(reaction.kind())) {
          reactions.add(reaction);
        }
      }
    }
    return new Operation(Kind.SCHEDULE, step(), time, count, List.copyOf(reactions));
  }

  /// Between the deadlines of a crowd: equal, or in order, or in reverse.
  private long step() {
    return switch (random.nextInt(4)) {
      case 0 -> 1;
      case 1 -> distance();
      case 2 -> -distance();
      default -> 0;
    };
  }

  private int crowd() {
    return 1 + random.nextInt(Math.max(10, setup.capacity() / 4));
  }

  private Operation plain(Kind kind) {
    return new Operation(kind, random.nextInt(1 << 20), Time.NOW, 0, List.of());
  }

  private Operation timed(Kind kind) {
    return new Operation(kind, random.nextInt(1 << 20), deadline(), 0, List.of());
  }

  private long garbage() {
    return switch (random.nextInt(5)) {
      case 0 -> SPECIAL[random.nextInt(SPECIAL.length)];
      case 1 -> random.nextInt(setup.capacity());
      case 2 -> ~(long) random.nextInt(setup.capacity());
      case 3 -> setup.firstGeneration() << 26 | (setup.capacity() + random.nextInt(100));
      default -> random.nextLong();
    };
  }

  private int budget() {
    return switch (budgetStyle) {
      case 0 -> 1;
      case 1 -> 1 + random.nextInt(3);
      case 2 -> random.nextInt(3) == 0 ? Operation.UNLIMITED : 1 + random.nextInt(20);
      case 3 -> 1 + random.nextInt(1 + setup.capacity());
      default -> random.nextInt(50) == 0 ? random.nextInt(-3, 3) : Operation.UNLIMITED;
    };
  }

  private Time deadline() {
    if (random.nextInt(100) < pastPercent) {
      return new Time(Base.NOW, 0, -distance());
    }
    if (random.nextInt(100) < edgePercent) {
      return boundary();
    }
    int roll = random.nextInt(100);
    if (roll < 36) {
      return new Time(Base.NOW, 0, distance());
    } else if (roll < 46) {
      return new Time(Base.NOW, 0, nudge());
    } else if (roll < 61) {
      return new Time(Base.LIVE, random.nextInt(1 << 20), random.nextInt(3) == 0 ? nudge() : 0);
    } else if (roll < 78) {
      return new Time(Base.ROUNDED, 1 + random.nextInt(maxBits), distance());
    } else if (roll < 96) {
      return new Time(Base.LAST, 0, random.nextInt(3) == 0 ? nudge() : 0);
    } else if (roll < 99) {
      return new Time(Base.NEXT, 0, nudge());
    }
    return special();
  }

  private Time clock() {
    if (random.nextInt(100) < backwardsPercent) {
      return new Time(Base.NOW, 0, -distance());
    }
    int roll = random.nextInt(1000);
    if (roll < 400) {
      return new Time(Base.NEXT, 0, nudge());
    } else if (roll < 700) {
      return new Time(Base.NOW, 0, distance());
    } else if (roll < 850) {
      return new Time(Base.NOW, 0, 1);
    } else if (roll < 900) {
      return boundary();
    } else if (roll < 960) {
      return new Time(Base.LIVE, random.nextInt(1 << 20), nudge());
    } else if (roll < 996) {
      return new Time(Base.START, 0, random.nextInt(-10, 100));
    }
    return special();
  }

  /// Positive, with any number of bits up to the batch's.
  private long distance() {
    return random.nextLong() >>> (Long.SIZE - 1 - random.nextInt(maxBits));
  }

  private int nudge() {
    return random.nextInt(3) - 1;
  }

  private Time boundary() {
    return new Time(Base.BOUNDARY, 2 + random.nextInt(levels), nudge());
  }

  private Time special() {
    return new Time(Base.START, 0, SPECIAL[random.nextInt(SPECIAL.length)]);
  }
}
