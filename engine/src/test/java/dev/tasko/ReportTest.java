package dev.tasko;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tasko.resource.Handle;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.user.Waiting;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The tasks in words.
@ParameterizedClass
@EnumSource(CoroutineEngine.class)
class ReportTest {
  private static final String STACK = "    at dev.tasko.user.Waiting.takeBoth(Waiting.java:19)\n";

  private final TracedLoop t;
  private final Loop loop;

  ReportTest(CoroutineEngine engine) {
    TracedLoop.assumeWorks(engine);
    t = new TracedLoop(engine, new LoopConfig().strict(true));
    loop = t.loop;
  }

  @AfterEach
  void close() {
    t.close();
  }

  private Handle<String, String> resource(String name) {
    return new ManagedResource<String, String>(loop, name, _ -> {}, _ -> {}).handle(name);
  }

  @Test
  void deadlock_isNamedWithHoldersStacksAndTheCircle() {
    Handle<String, String> bus = resource("bus");
    Handle<String, String> card = resource("card");
    loop.addTask("sensor", () -> Waiting.takeBoth(loop, bus, card));
    loop.addTask("logger", () -> Waiting.takeBoth(loop, card, bus));
    loop.run();
    assertEquals(List.of("sensor", "logger"), t.stranded.stream().map(Task::name).toList());
    assertEquals(
        "task sensor: SUSPENDED, waits for resource card, held by task logger\n"
            + STACK
            + "task logger: SUSPENDED, waits for resource bus, held by task sensor\n"
            + STACK
            + "in a circle: sensor -> logger -> sensor\n",
        loop.dump());
  }

  @Test
  void stranded_defaultLogHasTheReport() throws Exception {
    try (Loop plain = new Loop(new LoopConfig())) {
      plain.addTask("lost", () -> plain.suspend().await());
      String message = LogCollector.during(plain::run).getFirst();
      assertEquals(
          List.of(
              "run: returns with tasks still suspended:",
              "task lost: SUSPENDED, waits for a suspension"),
          message.lines().limit(2).toList());
    }
  }

  @Test
  void dump_showsEveryKindOfTask() {
    t.standStill();
    Task sleeper = loop.addTask("sleeper", () -> loop.sleepNs(10));
    loop.addTask("joiner", sleeper::join);
    loop.addTask("waiter", loop.interrupt("edge")::await);
    loop.schedule("scheduled", 1, () -> {});
    loop.step();
    loop.addTask("new", () -> {});
    sleeper.cancel();
    String dump = loop.dump().replaceAll("    at .*\n", "");
    assertEquals(
        """
        task sleeper: READY, cancelled
        task joiner: SUSPENDED, waits for task sleeper
        task waiter: SUSPENDED, waits for interrupt edge
        task scheduled: SLEEPING
        task new: READY
        """,
        dump);
  }
}
