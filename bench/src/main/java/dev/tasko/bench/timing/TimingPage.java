package dev.tasko.bench.timing;

import dev.tasko.report.Column;
import dev.tasko.report.Environment;
import dev.tasko.report.Figures;
import dev.tasko.report.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// What was found, as parts of RESULTS.md.
final class TimingPage {
  private static final double WAKEUPS_TARGET = 1.01;
  private static final double CPU_TARGET = 1.2;

  /// 64 megabytes.
  private static final double RESIDENT_TARGET_MIB = 61;

  private static final double KIB_PER_MIB = 1024;
  private static final double NS_PER_US = 1e3;
  private static final String SMALL = "Serial";

  private TimingPage() {}

  /// What was to be reached, and was or was not.
  private record Target(String what, String measured, String atMost, boolean isMet) {
    static String table(List<Target> targets) {
      return Column.table(
          List.of(
              Column.text("what", Target::what),
              Column.number("measured", Target::measured),
              Column.number("at most", Target::atMost),
              Column.text("verdict", target -> target.isMet ? "met" : "**missed**")),
          targets);
    }
  }

  static String idling(Environment environment, int seconds, List<Idling.Round> rounds) {
    Spread wakeups = Spread.of(rounds.stream().mapToDouble(Idling.Round::wakeupsPerDeadline));
    Spread cpu = Spread.of(rounds.stream().mapToDouble(Idling.Round::cpuRatio));
    Spread statistics = Spread.of(rounds.stream().mapToDouble(Idling.Round::statisticsCpuRatio));
    List<Target> targets =
        List.of(
            new Target(
                "timer wakeups for each distinct deadline",
                Figures.withSpread(wakeups, value -> Figures.fixed(value, 3)),
                Figures.fixed(WAKEUPS_TARGET, 2),
                wakeups.median() <= WAKEUPS_TARGET),
            new Target(
                "processor time over a bare thread's, without statistics",
                Figures.withSpread(cpu, Figures::times),
                Figures.times(CPU_TARGET),
                cpu.median() <= CPU_TARGET));
    return """
    ### An idle loop

    %s: %d rounds of %d s. Ten tasks that do nothing, at %s Hz, beside a thread that parks until \
    the same deadlines, by turns. The median round, and the extremes. Tasks at a rate have no statistics \
    by default, those with a release have: then their processor time is %s of the bare thread's.

    %s
    %s\
    """
        .formatted(
            environment.toLine(),
            rounds.size(),
            seconds,
            Idling.RATES_HZ.stream().map(String::valueOf).collect(Collectors.joining(", ")),
            Figures.withSpread(statistics, Figures::times),
            Target.table(targets),
            Column.table(
                List.of(
                    Column.number("deadlines", round -> Figures.count(round.deadlines())),
                    Column.number("timer wakeups", round -> Figures.count(round.timerWakeups())),
                    Column.number("loop, us for a deadline", round -> us(round, round.loopCpuNs())),
                    Column.number(
                        "with statistics, us", round -> us(round, round.statisticsCpuNs())),
                    Column.number(
                        "bare thread, us for a deadline", round -> us(round, round.bareCpuNs()))),
                rounds));
  }

  private static String us(Idling.Round round, long cpuNs) {
    return Figures.fixed(cpuNs / NS_PER_US / round.deadlines(), 1);
  }

  static String footprint(Environment environment, int starts, List<Footprint.Row> rows) {
    List<Target> targets = new ArrayList<>();
    for (Footprint.Row row : rows) {
      if (row.setting().name().startsWith(SMALL)) {
        targets.add(
            new Target(
                "resident memory, MiB: " + name(row),
                mib(row.taken().mostKib()),
                Figures.fixed(RESIDENT_TARGET_MIB, 0),
                row.taken().mostKib() <= RESIDENT_TARGET_MIB * KIB_PER_MIB));
      }
    }
    return """
    ### The main job on a small machine

    %s. The packaged main job in a VM of its own, without arguments: %d s. Resident memory at its most and \
    at the end, as the kernel counts it (`VmHWM`, `VmRSS`), pages shared with other VMs included. \
    `start` is the time from the start of the process to the first line that the job writes, after \
    its first deadlines: the median of %d starts, by turns, and the extremes. `processor` is the \
    whole VM's in the second half of the run, in per cent of one. A cache is made by running the \
    job once with `-XX:AOTCacheOutput=job.aot` before `-jar`, and used with `-XX:AOTCache=job.aot`.

    %s
    %s\
    """
        .formatted(
            environment.toLine(),
            Footprint.SECONDS,
            starts,
            Target.table(targets),
            Column.table(
                List.of(
                    Column.text("VM", TimingPage::name),
                    Column.text("options", row -> "`" + row.setting().options() + "`"),
                    Column.number("most, MiB", row -> mib(row.taken().mostKib())),
                    Column.number("at the end, MiB", row -> mib(row.taken().lastKib())),
                    Column.number(
                        "start, ms",
                        row -> Figures.withSpread(row.startMs(), ms -> Figures.fixed(ms, 0))),
                    Column.number(
                        "processor, %", row -> Figures.fixed(100 * row.taken().idleCores(), 2))),
                rows));
  }

  private static String name(Footprint.Row row) {
    return row.setting().name() + (row.cached() ? ", with a cache" : "");
  }

  private static String mib(long kib) {
    return Figures.fixed(kib / KIB_PER_MIB, 1);
  }
}
