package dev.tasko.wheel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Loads a package of the product and its whole harness anew, with other classes in it.
public final class MutantLoader extends ClassLoader {
  private static final String PACKAGE = TimerWheel.class.getPackageName() + ".";

  private final String prefix;
  private final Predicate<String> mutated;
  private final UnaryOperator<byte[]> mutation;

  /// With another [TimerWheel] and what belongs to it.
  MutantLoader(UnaryOperator<byte[]> mutation) {
    this(MutantLoader::isBesideTheWheel, mutation);
  }

  /// @param mutated whether the class of that name is to be another
  MutantLoader(Predicate<String> mutated, UnaryOperator<byte[]> mutation) {
    this(PACKAGE, mutated, mutation);
  }

  /// With other classes than those of the wheel.
  ///
  /// @param prefix of the names of all classes that are loaded anew
  /// @param mutated whether the class of that name is to be another
  /// @param mutation of its bytes
  public MutantLoader(String prefix, Predicate<String> mutated, UnaryOperator<byte[]> mutation) {
    super(MutantLoader.class.getClassLoader());
    this.prefix = prefix;
    this.mutated = mutated;
    this.mutation = mutation;
    // Surefire turns them on for its own loader only. A mutant that follows a wrong link is to fail
    // at the first access beyond the buffer, and not take the VM with it.
    setDefaultAssertionStatus(true);
  }

  /// Whether a class of the wheel's package belongs to the product, not to its tests.
  static boolean isBesideTheWheel(String name) {
    return name.startsWith(PACKAGE) && location(name).equals(location(TimerWheel.class.getName()));
  }

  private static URL location(String name) {
    try {
      return Class.forName(name, false, MutantLoader.class.getClassLoader())
          .getProtectionDomain()
          .getCodeSource()
          .getLocation();
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("class: " + name + " (expected: on the class path)", e);
    }
  }

  static byte[] read(String name) {
    String path = name.replace('.', '/') + ".class";
    try (InputStream in = MutantLoader.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("class: " + name + " (expected: on the class path)");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith(prefix)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = read(name);
      if (mutated.test(name)) {
        bytes = mutation.apply(bytes);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
