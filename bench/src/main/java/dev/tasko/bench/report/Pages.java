package dev.tasko.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/// Puts results where they are read: RESULTS.md, the pictures beside it, a part of the README.
public final class Pages {
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
    return Files.writeString(directory.resolve("RESULTS.md"), Report.write(results));
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
