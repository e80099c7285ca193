package dev.tasko.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/// Charts as their XML.
class LogChartTest {
  @Test
  void chart_isWellFormedAndLabelled() throws Exception {
    Document chart = parse(draw(line("a<b", 10, 20), line("c&d", 30, 3_000)));
    List<String> texts = textsAt(chart, "start");
    assertEquals(List.of("title", "subtitle", "a<b", "c&d"), texts);
    assertEquals(List.of("x", "y", "1,000", "10,000"), textsAt(chart, "middle"));
    assertTrue(textsAt(chart, "end").containsAll(List.of("10", "20", "50", "100", "5,000")));
  }

  @Test
  void decades_areAtEqualDistances() throws Exception {
    Document chart = parse(draw(line("a", 10, 100), line("b", 10, 1_000)));
    List<Double> heights = namesFromAbove(chart);
    // From 9 to 1100, which the axis rounds to 5 and 2000: 2.6 decades on 404 units.
    assertEquals(404 / Math.log10(2_000 / 5.0), heights.get(1) - heights.get(0), 0.2);
  }

  @Test
  void names_areApartAndInside() throws Exception {
    LogChart.Line[] lines = new LogChart.Line[20];
    for (int i = 0; i < lines.length; i++) {
      lines[i] = line("peer " + i, 10, 1_000 + i);
    }
    List<Double> heights = namesFromAbove(parse(draw(lines)));
    assertEquals(20, heights.size());
    assertTrue(heights.getFirst() > 56 && heights.getLast() < 470, heights.toString());
    for (int i = 1; i < heights.size(); i++) {
      assertTrue(heights.get(i) - heights.get(i - 1) > 16.8, heights.toString());
    }
  }

  @Test
  void value_ofOnePointOnly() throws Exception {
    List<LogChart.Point> point = List.of(new LogChart.Point(1_000, Spread.exactly(1)));
    String svg = draw(new LogChart.Line("a", "stroke=\"red\"", "red", point));
    assertTrue(!svg.contains("NaN") && !svg.contains("Infinity"), svg);
  }

  private static String draw(LogChart.Line... lines) {
    return LogChart.draw("title", "subtitle", "x", "y", List.of(lines));
  }

  private static LogChart.Line line(String name, double first, double last) {
    List<LogChart.Point> points =
        List.of(
            new LogChart.Point(1_000, new Spread(first, 0.9 * first, 1.1 * first)),
            new LogChart.Point(10_000, new Spread(last, 0.9 * last, 1.1 * last)));
    return new LogChart.Line(name, "stroke=\"red\"", "red", points);
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }

  private static List<String> textsAt(Document chart, String anchor) {
    return texts(chart).stream()
        .filter(text -> text.getAttribute("text-anchor").equals(anchor))
        .map(Element::getTextContent)
        .toList();
  }

  private static List<Double> namesFromAbove(Document chart) {
    return texts(chart).stream()
        .filter(text -> text.getAttribute("fill").equals("red"))
        .map(text -> Double.parseDouble(text.getAttribute("y")))
        .sorted()
        .toList();
  }

  private static List<Element> texts(Document chart) {
    NodeList nodes = chart.getElementsByTagName("text");
    List<Element> texts = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      texts.add((Element) nodes.item(i));
    }
    return texts;
  }
}
