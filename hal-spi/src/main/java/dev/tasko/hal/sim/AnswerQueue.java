package dev.tasko.hal.sim;

/// The bytes a card is about to send in answer to a command, in order.
final class AnswerQueue {
  private final byte[] bytes = new byte[16];
  private int count;
  private int index;

  boolean isEmpty() {
    return index == count;
  }

  void clear() {
    count = 0;
    index = 0;
  }

  void add(int value) {
    bytes[count++] = (byte) value;
  }

  int take() {
    return bytes[index++] & 0xFF;
  }
}
