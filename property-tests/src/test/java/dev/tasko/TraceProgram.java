package dev.tasko;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One program of the corpus with the trace that tasko gave for it.
record TraceProgram(
    String id,
    String kind,
    int resources,
    Map<String, List<String[]>> bodies,
    List<String[]> starts,
    List<String> trace) {

  static List<TraceProgram> readAll(BufferedReader reader) throws IOException {
    List<TraceProgram> programs = new ArrayList<>();
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        programs.add(read(line, reader));
      }
    }
    return programs;
  }

  private static TraceProgram read(String first, BufferedReader reader) throws IOException {
    String[] title = words(first);
    expect(title[0].equals("program"), first, "program <id> <kind>");
    int resources = 0;
    Map<String, List<String[]>> bodies = new LinkedHashMap<>();
    List<String[]> body = new ArrayList<>();
    List<String[]> starts = new ArrayList<>();
    List<String> trace = new ArrayList<>();
    for (String line = next(reader); !line.equals("end"); line = next(reader)) {
      String[] words = words(line);
      switch (words[0]) {
        case "resources" -> resources = Integer.parseInt(words[1]);
        case "body" -> {
          body = new ArrayList<>();
          bodies.put(words[1], body);
        }
        case "start" -> {
          // An operation of a body is indented; a start of the program is not.
          if (line.startsWith(" ")) {
            body.add(words);
          } else {
            starts.add(words);
          }
        }
        case "trace" -> {
          for (int left = Integer.parseInt(words[1]); left > 0; left--) {
            trace.add(next(reader));
          }
        }
        default -> {
          expect(line.startsWith(" "), line, "an indented operation");
          body.add(words);
        }
      }
    }
    return new TraceProgram(title[1], title[2], resources, bodies, starts, trace);
  }

  private static String[] words(String line) {
    return line.strip().split(" +");
  }

  private static String next(BufferedReader reader) throws IOException {
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("corpus: end of file (expected: end of program)");
    }
    return line;
  }

  private static void expect(boolean holds, String found, String expected) throws IOException {
    if (!holds) {
      throw new IOException("corpus: " + found + " (expected: " + expected + ")");
    }
  }
}
