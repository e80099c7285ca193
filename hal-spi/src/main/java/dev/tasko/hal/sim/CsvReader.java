package dev.tasko.hal.sim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/// A text of lines and their fields, one line at a time in one buffer. As strings, a year of
/// weather would be ten megabytes of garbage, and a small machine gives the whole heap not much
/// more.
///
/// Lines end with `\n`, `\r` or both; white space around a field is passed over, as is a byte-order
/// mark. There are no quotes.
final class CsvReader {
  /// So many decimal digits and such powers of ten are exact in a double, and their quotient is
  /// then the nearest one (Clinger, How to Read Floating Point Numbers Accurately, 1990).
  private static final int MAX_EXACT_DIGITS = 15;

  private static final int TEN = 10;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final BufferedReader text;
  private String line = "";
  private int lineNumber;
  private int begin;
  private int end;

  CsvReader(Reader text) {
    this.text = new BufferedReader(text);
  }

  /// Goes on to the next line, of which there may be none.
  boolean next() throws IOException {
    String next = text.readLine();
    if (next == null) {
      return false;
    }
    line = lineNumber == 0 && next.startsWith(BYTE_ORDER_MARK) ? next.substring(1) : next;
    lineNumber++;
    return true;
  }

  /// Of the line, from 1.
  int lineNumber() {
    return lineNumber;
  }

  /// The whole line.
  String line() {
    return line;
  }

  boolean isBlank() {
    return line.isBlank();
  }

  /// How many fields the line has.
  int fields() {
    int commas = 0;
    for (int at = 0; at < line.length(); at++) {
      if (line.charAt(at) == ',') {
        commas++;
      }
    }
    return commas + 1;
  }

  /// A field's text.
  ///
  /// @param field 0 to [#fields] - 1
  String field(int field) {
    find(field);
    return line.substring(begin, end);
  }

  /// A field's value, or NaN if it is not a decimal number. Allocates: no, up to 15 digits.
  ///
  /// @param field 0 to [#fields] - 1
  double number(int field) {
    find(field);
    boolean isSigned = begin < end && (line.charAt(begin) == '-' || line.charAt(begin) == '+');
    int first = isSigned ? begin + 1 : begin;
    int point = skipDigits(first);
    int last = point < end && line.charAt(point) == '.' ? skipDigits(point + 1) : point;
    if (point == first || last == point + 1 || last < end) {
      return Double.NaN;
    }
    if (end - first > MAX_EXACT_DIGITS) {
      return Double.parseDouble(line.substring(begin, end));
    }
    double magnitude = quotient(first, point);
    return line.charAt(begin) == '-' ? -magnitude : magnitude;
  }

  private double quotient(int first, int point) {
    double digits = 0;
    double scale = 1;
    for (int at = first; at < end; at++) {
      if (at != point) {
        digits = digits * TEN + (line.charAt(at) - '0');
        scale *= at > point ? TEN : 1;
      }
    }
    return digits / scale;
  }

  private int skipDigits(int from) {
    int at = from;
    while (at < end && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
      at++;
    }
    return at;
  }

  private void find(int field) {
    begin = 0;
    for (int left = field; left > 0; left--) {
      begin = comma(begin) + 1;
    }
    end = comma(begin);
    while (begin < end && Character.isWhitespace(line.charAt(begin))) {
      begin++;
    }
    while (begin < end && Character.isWhitespace(line.charAt(end - 1))) {
      end--;
    }
  }

  /// The next comma, or the end of the line.
  private int comma(int from) {
    int at = line.indexOf(',', from);
    return at < 0 ? line.length() : at;
  }
}
