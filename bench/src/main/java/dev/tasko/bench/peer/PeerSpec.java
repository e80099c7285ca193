package dev.tasko.bench.peer;

import java.util.LinkedHashMap;
import java.util.Map;

/// Names an engine and its settings: `agrona:tickNs=1048576,spokes=32768`.
///
/// @param name of the engine
/// @param settings those that differ from the default
public record PeerSpec(String name, Map<String, String> settings) {
  /// Keeps a copy.
  ///
  /// @param name of the engine
  /// @param settings those that differ from the default
  public PeerSpec {
    settings = Map.copyOf(settings);
  }

  /// Reads a specification.
  ///
  /// @param text `name` or `name:setting=value,setting=value`
  /// @return name and settings
  /// @throws IllegalArgumentException if a setting has no value
  public static PeerSpec parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return new PeerSpec(text, Map.of());
    }
    Map<String, String> settings = new LinkedHashMap<>();
    for (String setting : text.substring(colon + 1).split(",", -1)) {
      int equals = setting.indexOf('=');
      if (equals < 1) {
        throw new IllegalArgumentException("peer: " + text + " (expected: name:setting=value,...)");
      }
      settings.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return new PeerSpec(text.substring(0, colon), settings);
  }

  /// These settings, and those of another that are not among them.
  PeerSpec or(PeerSpec other) {
    Map<String, String> all = new LinkedHashMap<>(other.settings);
    all.putAll(settings);
    return new PeerSpec(name, all);
  }

  long number(String setting, long byDefault) {
    String value = settings.get(setting);
    if (value != null && !value.matches("-?\\d{1,18}")) {
      throw new IllegalArgumentException(
          "peer: " + name + ":" + setting + "=" + value + " (expected: whole number)");
    }
    return value == null ? byDefault : Long.parseLong(value);
  }

  boolean flag(String setting) {
    return Boolean.parseBoolean(settings.getOrDefault(setting, "false"));
  }
}
