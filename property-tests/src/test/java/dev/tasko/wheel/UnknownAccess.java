package dev.tasko.wheel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.LongUnaryOperator;
import org.agrona.DirectBuffer;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/// Accesses that nobody counts: each class is one case and must be refused.
final class UnknownAccess {
  private UnknownAccess() {}

  static final class OtherBufferMethod {
    byte read(UnsafeBuffer buffer) {
      return buffer.getByte(0);
    }
  }

  static final class BufferByItsInterface {
    long read(DirectBuffer buffer) {
      return buffer.getLong(0);
    }
  }

  static final class OtherApiMethod {
    long read(long[] array) {
      return UnsafeApi.getLong(array, 16L);
    }
  }

  static final class MethodReference {
    LongUnaryOperator reader() {
      return UnsafeApi::getLong;
    }
  }

  static final class OtherArray {
    byte read(byte[] array) {
      return array[0];
    }
  }

  static final class ArrayOfObjects {
    Object read(Object[] array) {
      return array[0];
    }
  }

  static final class CopyOfArray {
    long[] read(long[] array) {
      return array.clone();
    }
  }

  static final class OtherArrayMethod {
    void read(long[] array) {
      Arrays.sort(array);
    }
  }

  static final class Segment {
    long read(MemorySegment segment, ValueLayout.OfLong layout) {
      return segment.get(layout, 0);
    }
  }

  static final class Handle {
    long read(VarHandle longs, long[] array) {
      return (long) longs.get(array, 0);
    }
  }

  static final class NioBuffer {
    long read(ByteBuffer buffer) {
      return buffer.getLong(0);
    }
  }

  static final class LinkedObjects {
    @Nullable LinkedObjects next;
  }

  static final class ForeignField {
    @Nullable LinkedObjects read(LinkedObjects objects) {
      return objects.next;
    }
  }

  static final class InheritedMethod extends UnsafeBuffer {
    long read() {
      return getLong(0);
    }
  }
}
