package dev.tasko.examples.station;

/// How one run differs from another.
///
/// @param seconds how long it lasts
/// @param talkative whether every reading is told, or one an hour
/// @param rowMs how long a row of the series lasts
/// @param startNs when the series began, by the loop's clock
/// @param run tells this log from an earlier one
/// @param servoHz releases of the servo in a second
record Settings(
    double seconds, boolean talkative, long rowMs, long startNs, int run, int servoHz) {}
