package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SettingTest {
  private static final String NAME = "tasko.test.setting";

  @AfterEach
  void clear() {
    System.clearProperty(NAME);
  }

  @Test
  void number_isTheDefaultOrWhatIsGiven() {
    assertEquals(7, Setting.number(NAME, 7));
    System.setProperty(NAME, "-12");
    assertEquals(-12, Setting.number(NAME, 7));
  }

  @Test
  void number_thatIsNoneIsRefused() {
    System.setProperty(NAME, "N");
    assertEquals(
        "tasko.test.setting: N (expected: whole number)",
        assertThrows(IllegalArgumentException.class, () -> Setting.number(NAME, 7)).getMessage());
  }
}
