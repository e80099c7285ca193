package dev.tasko.wheel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;

/// Loads the wheel and its whole harness anew, with another [TimerWheel] in it.
final class MutantLoader extends ClassLoader {
  private static final String PACKAGE = TimerWheel.class.getPackageName() + ".";

  private final UnaryOperator<byte[]> mutation;

  MutantLoader(UnaryOperator<byte[]> mutation) {
    super(MutantLoader.class.getClassLoader());
    this.mutation = mutation;
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
    if (!name.startsWith(PACKAGE)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = read(name);
      if (name.equals(TimerWheel.class.getName())) {
        bytes = mutation.apply(bytes);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }
}
