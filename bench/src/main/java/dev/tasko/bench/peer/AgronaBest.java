package dev.tasko.bench.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// The settings of Agrona's wheel that a search found to be the fastest for each workload and
/// number of timers, from `agrona-best.properties`:
/// `workload.timers=tickNs=...,spokes=...,alloc=...`.
///
/// They depend on the machine's caches; `AgronaSearch` says how to search again.
final class AgronaBest {
  private static final Properties FOUND = read();
  private static final PeerSpec NOTHING = PeerSpec.parse("agrona");

  private AgronaBest() {}

  private static Properties read() {
    Properties found = new Properties();
    try (InputStream in = AgronaBest.class.getResourceAsStream("/agrona-best.properties")) {
      found.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  /// What was found for the workload at the nearest number of timers; nothing if it was not
  /// searched.
  static PeerSpec find(Load load) {
    PeerSpec nearest = NOTHING;
    double least = Double.MAX_VALUE;
    for (String key : FOUND.stringPropertyNames()) {
      int dot = key.indexOf('.');
      double distance =
          Math.abs(Math.log(Integer.parseInt(key.substring(dot + 1)) / (double) load.timers()));
      if (key.substring(0, dot).equals(load.workload()) && distance < least) {
        least = distance;
        nearest = PeerSpec.parse("agrona:" + FOUND.getProperty(key));
      }
    }
    return nearest;
  }
}
