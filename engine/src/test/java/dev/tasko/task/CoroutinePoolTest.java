package dev.tasko.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoroutinePoolTest {
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void worker_servesOneBodyAfterAnotherWhateverTheyThrow(CoroutineEngine engine) throws Throwable {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    List<String> trace = new ArrayList<>();
    CoroutinePool pool = new CoroutinePool(engine, 2);
    Coroutine worker = pool.take();
    worker.assign(() -> {
      trace.add("begin");
      worker.suspend();
      trace.add("end");
    });
    assertFalse(worker.isIdle());
    assertFalse(worker.resume());
    trace.add("suspended");
    assertTrue(worker.resume());
    assertTrue(worker.isIdle());
    Error seeded = new LinkageError("seeded");
    worker.assign(() -> {
      throw seeded;
    });
    assertSame(seeded, assertThrows(LinkageError.class, worker::resume));
    assertTrue(worker.isIdle());
    pool.giveBack(worker);
    assertSame(worker, pool.take());
    worker.assign(() -> trace.add("again"));
    assertTrue(worker.resume());
    pool.giveBack(worker);
    pool.close();
    assertNotEquals(Thread.currentThread(), worker.ownThread());
    assertEquals(List.of("begin", "suspended", "end", "again"), trace);
  }
}
