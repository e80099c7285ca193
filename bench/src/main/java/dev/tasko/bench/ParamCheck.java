package dev.tasko.bench;

import dev.tasko.bench.peer.Load;
import dev.tasko.bench.peer.Peers;
import java.util.List;

/// Whether a benchmark can be run with a value that a user gives to one of its parameters.
final class ParamCheck {
  private static final Load SMALL = new Load(1, 0, 1_000_000_000, 0);
  private static final String PEER = "peer";

  /// Where it may be the peer any other may be; elsewhere peers are no timer engines.
  private static final String A_TIMER_ENGINE = "agrona";

  private ParamCheck() {}

  /// @param className of the benchmark
  /// @param name of the parameter
  /// @param value for it
  /// @param byDefault what it is run with unless told otherwise
  /// @throws IllegalArgumentException if the benchmark cannot be run with it
  static void requireValid(String className, String name, String value, List<String> byDefault) {
    if (byDefault.contains(value)) {
      return;
    }
    if (byDefault.stream().allMatch(known -> known.matches("\\d+"))) {
      requireNumber(name, value, byDefault.contains("0") ? 0 : 1);
    } else if (name.equals(PEER) && byDefault.contains(A_TIMER_ENGINE)) {
      requirePeer(value);
    } else {
      String simpleName = className.substring(className.lastIndexOf('.') + 1);
      throw new IllegalArgumentException(
          "%s: %s (expected by %s: one of %s)"
              .formatted(name, value, simpleName, String.join(", ", byDefault)));
    }
  }

  private static void requireNumber(String name, String value, int least) {
    if (!value.matches("\\d{1,9}|1\\d{9}") || Long.parseLong(value) < least) {
      throw new IllegalArgumentException(
          "%s: %s (expected: whole number from %d to 1999999999)".formatted(name, value, least));
    }
  }

  /// Makes one to see.
  private static void requirePeer(String spec) {
    try {
      Peers.create(spec, SMALL, payload -> {}).close();
    } catch (RuntimeException e) {
      String message = String.valueOf(e.getMessage());
      throw new IllegalArgumentException(
          message.startsWith(PEER + ":")
              ? message
              : "%s: %s (expected: settings that it takes): %s".formatted(PEER, spec, message),
          e);
    }
  }
}
