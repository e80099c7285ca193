package dev.tasko;

import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// Runs one program of the corpus and records its trace.
final class TraceRun {
  /// How a resource is made; a test may give one that breaks a rule.
  @FunctionalInterface
  interface ResourceFactory {
    ManagedResource<Integer, Instance> make(
        Loop loop,
        Integer number,
        Consumer<? super Instance> onAcquire,
        Consumer<? super Instance> onRelease);
  }

  private static final double NS_PER_SECOND = 1e9;

  private final TraceProgram program;
  private final Loop loop;
  private final VirtualTime time;
  private final List<ManagedResource<Integer, Instance>> resources = new ArrayList<>();
  private final Map<String, ScheduledTask> scheduled = new HashMap<>();
  private final Map<String, Integer> instanceCounts = new HashMap<>();
  private final Map<String, Suspension> slots = new HashMap<>();
  private final List<String> trace = new ArrayList<>();

  TraceRun(TraceProgram program, LoopConfig config, VirtualTime time, ResourceFactory factory) {
    this.program = program;
    this.time = time;
    this.loop = new Loop(config);
    for (int number = 0; number < program.resources(); number++) {
      int named = number;
      resources.add(
          factory.make(
              loop,
              number,
              instance -> instance.record("on_acquire " + named),
              instance -> instance.record("on_release " + named)));
    }
  }

  /// Runs it to its end.
  ///
  /// @return the trace
  List<String> run() {
    for (String[] start : program.starts()) {
      begin(start);
    }
    try (loop) {
      loop.run();
    }
    if (!loop.tasks().isEmpty()) {
      throw new IllegalStateException("close: left suspended: " + loop.tasks());
    }
    return trace;
  }

  /// A loop with a broken rule may go on for ever; what it adds to the trace ends that.
  private void requireRoom() {
    if (trace.size() > program.trace().size()) {
      throw new IllegalStateException("trace: longer than tasko's (expected: the same)");
    }
  }

  private void begin(String[] start) {
    String name = start[2];
    switch (start[1]) {
      case "task" -> loop.addTask(() -> new Instance(name).run());
      case "schedule" ->
          scheduled.put(
              name, loop.schedule(Double.parseDouble(start[3]), () -> new Instance(name).run()));
      case "schedule_later" ->
          scheduled.put(
              name,
              loop.scheduleLater(Double.parseDouble(start[3]), () -> new Instance(name).run()));
      default -> throw new IllegalArgumentException("start: " + start[1]);
    }
  }

  private static double seconds(String ns) {
    return Long.parseLong(ns) / NS_PER_SECOND;
  }

  /// One run of a body.
  final class Instance {
    private final String body;
    private final String label;
    private final Map<String, Lease<Integer>> leases = new HashMap<>();

    Instance(String body) {
      this.body = body;
      label = body + "#" + (instanceCounts.merge(body, 1, Integer::sum) - 1);
    }

    void record(String what) {
      requireRoom();
      trace.add(time.nanoTime() + " " + label + " " + what);
    }

    void run() {
      record("begin");
      int number = 0;
      for (String[] operation : Objects.requireNonNull(program.bodies().get(body))) {
        perform(operation);
        record(number + " " + operation[0]);
        number++;
      }
      record("end");
    }

    private void perform(String[] operation) {
      switch (operation[0]) {
        case "yield" -> loop.yieldNow();
        case "sleep" -> loop.sleep(seconds(operation[1]));
        case "work" -> time.advance(Long.parseLong(operation[1]));
        case "acquire" -> leases.put(operation[1], handle(operation[1]).acquire());
        case "release" -> Objects.requireNonNull(leases.remove(operation[1])).close();
        case "spawn" -> loop.addTask(() -> new Instance(operation[1]).run());
        case "later" ->
            loop.runLater(seconds(operation[1]), () -> new Instance(operation[2]).run());
        case "suspend" -> suspendIn(operation[1]);
        case "resume" -> resumeFrom(operation[1]);
        case "stop" -> task(operation[1]).stop();
        case "start" -> task(operation[1]).start();
        case "rate" -> task(operation[1]).changeRate(Double.parseDouble(operation[2]));
        default -> throw new IllegalArgumentException("operation: " + operation[0]);
      }
    }

    private Handle<Integer, Instance> handle(String number) {
      return resources.get(Integer.parseInt(number)).handle(this);
    }

    private void suspendIn(String slot) {
      if (!slots.containsKey(slot)) {
        Suspension suspension = loop.suspend();
        slots.put(slot, suspension);
        suspension.await();
      }
    }

    private void resumeFrom(String slot) {
      Suspension suspension = slots.remove(slot);
      if (suspension != null) {
        suspension.resume();
      }
    }

    private ScheduledTask task(String name) {
      return Objects.requireNonNull(scheduled.get(name));
    }
  }
}
