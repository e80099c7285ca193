package dev.tasko.examples.station.view;

/// How a piece of text looks: in a terminal by its SGR parameters, in a picture by colour and
/// weight.
enum Style {
  PLAIN("0", "#d4d4d4", false),
  DIM("0;2", "#8a8a8a", false),
  BOLD("0;1", "#ffffff", true),
  GOOD("0;32", "#7fc97f", false),
  BAD("0;1;31", "#ff6b6b", true);

  final String sgr;
  final String colour;
  final boolean bold;

  Style(String sgr, String colour, boolean bold) {
    this.sgr = sgr;
    this.colour = colour;
    this.bold = bold;
  }
}
