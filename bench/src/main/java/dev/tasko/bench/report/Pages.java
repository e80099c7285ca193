package dev.tasko.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Puts results where they are read: RESULTS.md, the pictures beside it, a part of the README.
public final class Pages {
  /// The page.
  public static final String RESULTS = "RESULTS.md";

  /// The folder beside it in which the parts on whole programs are kept.
  public static final String TIMING = "timing";

  private static final String TIMING_BEGIN = "<!-- timing:begin, written by TimingMain -->";

  /// In their order on the page.
  private static final List<String> TIMING_PARTS =
      List.of("lateness-1000.md", "lateness-10000.md", "idle.md", "footprint.md");

  private Pages() {}

  /// Writes RESULTS.md and the pictures. Those of an earlier run are removed.
  ///
  /// @param results of a run
  /// @param directory for RESULTS.md
  /// @return RESULTS.md
  /// @throws IOException if it cannot be written
  public static Path writeResults(Results results, Path directory) throws IOException {
    Path pictures = Files.createDirectories(directory.resolve(Report.PICTURES));
    removeSvgs(pictures);
    for (Picture picture : Picture.of(Measurements.of(results))) {
      Files.writeString(pictures.resolve(picture.fileName()), picture.toSvg());
    }
    return Files.writeString(directory.resolve(RESULTS), Report.write(results) + timing(directory));
  }

  /// Writes the end of RESULTS.md anew, which is on whole programs, from the parts that are kept.
  ///
  /// @param directory of RESULTS.md
  /// @return RESULTS.md
  /// @throws IOException if it cannot be read or written
  public static Path writeTiming(Path directory) throws IOException {
    Path page = directory.resolve(RESULTS);
    String text = Files.readString(page);
    int begin = text.indexOf("\n" + TIMING_BEGIN);
    String kept = begin < 0 ? text : text.substring(0, begin);
    return Files.writeString(page, kept + timing(directory));
  }

  /// Empty if there are none.
  private static String timing(Path directory) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : TIMING_PARTS) {
      Path part = directory.resolve(TIMING).resolve(name);
      if (Files.isRegularFile(part)) {
        text.append('\n').append(Files.readString(part).replace("](", "](" + TIMING + "/"));
      }
    }
    return text.isEmpty()
        ? ""
        : """

        %s

        ## Whole programs

        Each part was measured by itself, at the time that it names. A VM's own threads and the \
        machine's other guests are in all of it.
        %s\
        """
            .formatted(TIMING_BEGIN, text);
  }

  private static void removeSvgs(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".svg")).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  /// Writes the README's part.
  ///
  /// @param results of a run
  /// @param directory of RESULTS.md
  /// @param readme that has such a part
  /// @throws IOException if it cannot be read or written
  public static void writeReadme(Results results, Path directory, Path readme) throws IOException {
    Path from = Objects.requireNonNull(readme.toRealPath().getParent());
    String folder = from.relativize(directory.toRealPath()).toString();
    String prefix = folder.isEmpty() ? "" : folder + "/";
    Files.writeString(readme, Readme.rewrite(Files.readString(readme), results, prefix));
  }

  /// Whether a file is a README that has a part for results.
  ///
  /// @param readme may be missing
  /// @return whether it can be written
  /// @throws IOException if it is there and cannot be read
  public static boolean isReadme(Path readme) throws IOException {
    return Files.isRegularFile(readme) && Readme.hasSection(Files.readString(readme));
  }
}
