package dev.tasko.hal;

import java.util.ServiceLoader;
import java.util.TreeSet;

/// A kind of hardware, or a simulation of it; found by [ServiceLoader].
public interface HalProvider {
  /// Returns the name programs ask for.
  ///
  /// @return short, lower case, unique among the installed providers
  String name();

  /// Opens the hardware.
  ///
  /// @param config clock, waiting, seed and the provider's own options
  /// @return the open hardware, to be closed by the caller
  /// @throws IllegalArgumentException if an option is unknown or its value bad
  Hal open(HalConfig config);

  /// Finds an installed provider.
  ///
  /// @param name such as `sim`
  /// @return the provider of that name
  /// @throws IllegalArgumentException naming the installed ones if there is none of that name
  static HalProvider named(String name) {
    TreeSet<String> known = new TreeSet<>();
    for (HalProvider provider : ServiceLoader.load(HalProvider.class)) {
      if (provider.name().equals(name)) {
        return provider;
      }
      known.add(provider.name());
    }
    throw new IllegalArgumentException("provider: " + name + " (expected: one of " + known + ")");
  }
}
