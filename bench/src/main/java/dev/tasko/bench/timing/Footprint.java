package dev.tasko.bench.timing;

import dev.tasko.report.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What the packaged main job takes of a machine: under each collector, with and without an
/// ahead-of-time cache of its classes.
final class Footprint {
  /// The options of each VM that is tried; those of a small machine first.
  static final List<Setting> SETTINGS =
      List.of(
          new Setting("Serial", "-Xmx32m -XX:+UseSerialGC"),
          new Setting("Serial, small", "-Xmx32m -Xmn2m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"),
          new Setting("G1", "-Xmx32m -XX:+UseG1GC"),
          new Setting("ZGC", "-Xmx32m -XX:+UseZGC"));

  /// Of the job if nothing is asked of it.
  static final int SECONDS = 20;

  private static final int TRAINING_SECONDS = 2;

  private final Job job;
  private final Path folder;
  private final Consumer<String> progress;

  /// @param folder for caches
  /// @param progress told what begins
  Footprint(Job job, Path folder, Consumer<String> progress) {
    this.job = job;
    this.folder = folder;
    this.progress = progress;
  }

  /// How a VM is started.
  ///
  /// @param name for the table
  /// @param options separated by spaces
  record Setting(String name, String options) {
    List<String> list() {
      return List.of(options.split(" "));
    }
  }

  /// One setting, with or without a cache.
  ///
  /// @param setting of the VM
  /// @param cached whether there was a cache
  /// @param taken by one run
  /// @param startMs of all starts
  record Row(Setting setting, boolean cached, Job.Taken taken, Spread startMs) {}

  /// What becomes a row.
  ///
  /// @param options of the VM, the cache included
  /// @param startsMs found so far
  private record Variant(
      Setting setting, boolean cached, List<String> options, List<Double> startsMs) {}

  /// Measures all.
  ///
  /// @param starts of each setting
  /// @throws IOException if the job failed
  List<Row> run(int starts) throws IOException, InterruptedException {
    List<Variant> variants = new ArrayList<>();
    for (Setting setting : SETTINGS) {
      variants.add(new Variant(setting, false, setting.list(), new ArrayList<>()));
      variants.add(new Variant(setting, true, makeCache(setting), new ArrayList<>()));
    }
    measureStarts(variants, starts);
    List<Row> rows = new ArrayList<>();
    for (Variant variant : variants) {
      rows.add(measure(variant));
    }
    return rows;
  }

  /// By a run that trains it.
  ///
  /// @return the options with which it is used; without it the VM would not start
  private List<String> makeCache(Setting setting) throws IOException, InterruptedException {
    progress.accept("footprint: a cache for " + setting.name());
    Path cache = folder.resolve(setting.name().replaceAll("\\W+", "-") + ".aot");
    Files.deleteIfExists(cache);
    job.run(
        with(setting, "-XX:AOTCacheOutput=" + cache),
        List.of("--seconds", "" + TRAINING_SECONDS),
        TRAINING_SECONDS);
    return with(setting, "-XX:AOTMode=on", "-XX:AOTCache=" + cache);
  }

  private static List<String> with(Setting setting, String... more) {
    return Stream.concat(setting.list().stream(), Stream.of(more)).toList();
  }

  /// By turns.
  private void measureStarts(List<Variant> variants, int starts) throws IOException {
    for (int start = 0; start < starts; start++) {
      progress.accept("footprint: start %d of %d".formatted(start + 1, starts));
      for (Variant variant : variants) {
        variant.startsMs.add(job.firstLineMs(variant.options));
      }
    }
  }

  private Row measure(Variant variant) throws IOException, InterruptedException {
    String with = variant.cached ? ", with a cache" : "";
    progress.accept("footprint: " + variant.setting.name() + with);
    Spread startMs = Spread.of(variant.startsMs.stream().mapToDouble(each -> each));
    Job.Taken taken = job.run(variant.options, List.of(), SECONDS);
    return new Row(variant.setting, variant.cached, taken, startMs);
  }
}
