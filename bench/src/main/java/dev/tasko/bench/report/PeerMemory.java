package dev.tasko.bench.report;

/// What a peer holds when it is sized for the hold model.
///
/// @param peer as specified
/// @param timers it is sized for
/// @param bytes by arithmetic
public record PeerMemory(String peer, int timers, long bytes) {}
