package dev.tasko.examples.station;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tasko.Loop;
import dev.tasko.wakeup.LongMailbox;
import org.junit.jupiter.api.Test;

class LiveViewTest {
  @Test
  void put_moreKeysThanThereIsRoomFor() {
    try (Loop loop = new Loop()) {
      LongMailbox keys = loop.longMailbox("keys", 2);
      for (int key = 0; key < 5; key++) {
        assertTrue(LiveView.put(keys, key));
      }
      assertEquals(3, keys.refused());
      keys.close();
      assertFalse(LiveView.put(keys, 'q'));
    }
  }
}
