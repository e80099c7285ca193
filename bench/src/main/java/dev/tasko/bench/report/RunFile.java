package dev.tasko.bench.report;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A saved run: a line of JSON for the run, then one for each result, written when it is there. So
/// a run that is killed loses only the cell it was at, whose line may be cut off in the middle.
public final class RunFile {
  private static final Gson GSON = new Gson();

  private final Path path;

  /// Names a file, which need not be there.
  ///
  /// @param path of it
  public RunFile(Path path) {
    this.path = path;
  }

  /// Begins a run in a directory that is there. An earlier one is kept beside it, once.
  ///
  /// @param run that begins
  /// @throws IOException if it cannot be written
  public void begin(Run run) throws IOException {
    if (Files.exists(path)) {
      Path earlier = path.resolveSibling("earlier-" + path.getFileName());
      Files.move(path, earlier, StandardCopyOption.REPLACE_EXISTING);
    }
    Files.writeString(path, GSON.toJson(run) + "\n", StandardOpenOption.CREATE_NEW);
  }

  /// Saves a result.
  ///
  /// @param jmh what JMH writes of one cell
  /// @throws IOException if it cannot be written
  public void append(JsonObject jmh) throws IOException {
    Files.writeString(path, GSON.toJson(jmh) + "\n", StandardOpenOption.APPEND);
  }

  /// Cuts off a line that was not finished, so that the next stands alone.
  ///
  /// @throws IOException if it cannot be written
  public void mend() throws IOException {
    String text = Files.readString(path);
    Files.writeString(path, text.substring(0, text.lastIndexOf('\n') + 1));
  }

  /// Reads what is there.
  ///
  /// @return run and results
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if it is not there or something else
  public Results read() throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IllegalArgumentException(path + ": not there (expected: a saved run)");
    }
    String text = Files.readString(path);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    try {
      Run run = Objects.requireNonNull(GSON.fromJson(lines.getFirst(), Run.class));
      List<JsonObject> jmh = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        jmh.add(GSON.fromJson(line, JsonObject.class));
      }
      return new Results(run, jmh);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          path + ": not a saved run (expected: a file that bench wrote)", e);
    }
  }

  /// Where it is.
  ///
  /// @return the path
  public Path path() {
    return path;
  }
}
