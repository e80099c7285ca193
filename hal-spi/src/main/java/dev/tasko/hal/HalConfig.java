package dev.tasko.hal;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;
import org.jspecify.annotations.Nullable;

/// What a provider is opened with. Immutable.
///
/// @param clock the time base of every time in this package
/// @param delay how a wait passes; its time is the clock's
/// @param delaySuspends whether `delay` suspends only the calling task (virtual time, one thread)
///   rather than block the calling thread
/// @param later runs what peripherals do by themselves; null lets the provider own a daemon thread
/// @param seed decides everything random
/// @param options the provider's own settings by name, in the order of their names
public record HalConfig(
    NanoClock clock,
    Delay delay,
    boolean delaySuspends,
    @Nullable Later later,
    long seed,
    Map<String, String> options) {

  /// Copies the options, so that later changes to the given map do not show.
  public HalConfig {
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /// Makes the configuration for real time: [System#nanoTime], blocking waits, seed 1, no options.
  ///
  /// @return the configuration
  public static HalConfig realTime() {
    return new HalConfig(
        SystemNanoClock.INSTANCE, Delay.blocking(), false, null, 1, Collections.emptyMap());
  }

  /// Makes the configuration for virtual time, in which a second thread never runs.
  ///
  /// @param clock the virtual clock
  /// @param delay suspends the calling task until that clock has moved on
  /// @param later arms a timer on that clock
  /// @param seed decides everything random
  /// @return the configuration, without options
  public static HalConfig virtualTime(NanoClock clock, Delay delay, Later later, long seed) {
    return new HalConfig(clock, delay, true, later, seed, Collections.emptyMap());
  }

  /// Copies with another seed.
  ///
  /// @param newSeed the other seed
  /// @return the copy
  public HalConfig withSeed(long newSeed) {
    return new HalConfig(clock, delay, delaySuspends, later, newSeed, options);
  }

  /// Copies with one option added or replaced.
  ///
  /// @param name the option, checked by the provider when it opens
  /// @param value its value
  /// @return the copy
  public HalConfig withOption(String name, String value) {
    Map<String, String> more = new TreeMap<>(options);
    more.put(name, value);
    return new HalConfig(clock, delay, delaySuspends, later, seed, more);
  }
}
