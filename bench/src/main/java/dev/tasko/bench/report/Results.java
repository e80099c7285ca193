package dev.tasko.bench.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import dev.tasko.bench.peer.Completeness;
import dev.tasko.bench.peer.WheelMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// Everything that one run of the benchmarks found; from it alone RESULTS.md is written.
///
/// @param environment where and when
/// @param completeness of each peer
/// @param wheelMemory by capacity
/// @param peerMemory by peer and capacity
/// @param jmh what JMH writes, unchanged
public record Results(
    Environment environment,
    List<Completeness> completeness,
    List<WheelMemory> wheelMemory,
    List<PeerMemory> peerMemory,
    JsonArray jmh) {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  /// Nothing is missing in it.
  ///
  /// @param environment where and when
  /// @param completeness of each peer
  /// @param wheelMemory by capacity
  /// @param peerMemory by peer and capacity
  /// @param jmh what JMH writes, unchanged
  public Results {
    Objects.requireNonNull(environment, "environment");
    Objects.requireNonNull(jmh, "jmh");
    completeness = List.copyOf(completeness);
    wheelMemory = List.copyOf(wheelMemory);
    peerMemory = List.copyOf(peerMemory);
  }

  /// Reads what [#write] wrote.
  ///
  /// @param file to read
  /// @return its content
  /// @throws IOException if it cannot be read
  /// @throws IllegalArgumentException if it is something else
  public static Results read(Path file) throws IOException {
    try {
      return GSON.fromJson(Files.readString(file), Results.class);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          file + ": not the results of a run (expected: a results.json that BenchMain wrote)", e);
    }
  }

  /// Saves it.
  ///
  /// @param file to write, its directory included
  /// @throws IOException if it cannot be written
  public void write(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    Files.writeString(file, GSON.toJson(this) + "\n");
  }
}
