package dev.tasko.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CoroutinePoolTest {
  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void worker_servesOneBodyAfterAnotherWhateverTheyThrow(CoroutineEngine engine) throws Throwable {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    List<String> trace = new ArrayList<>();
    AtomicReference<Body> next = new AtomicReference<>();
    CoroutinePool pool = new CoroutinePool(engine, 2, () -> next.get().run());
    Coroutine worker = pool.take();
    next.set(() -> {
      trace.add("begin");
      worker.switchOut();
      trace.add("end");
    });
    assertFalse(pool.resume(worker));
    trace.add("suspended");
    assertTrue(pool.resume(worker));
    Error seeded = new LinkageError("seeded");
    next.set(() -> {
      throw seeded;
    });
    assertSame(seeded, assertThrows(LinkageError.class, () -> pool.resume(worker)));
    pool.giveBack(worker);
    assertSame(worker, pool.take());
    next.set(() -> trace.add("again"));
    assertTrue(pool.resume(worker));
    pool.giveBack(worker);
    pool.close();
    assertNotEquals(Thread.currentThread(), worker.ownThread());
    assertEquals(List.of("begin", "suspended", "end", "again"), trace);
  }

  @ParameterizedTest
  @EnumSource(CoroutineEngine.class)
  void giveBack_whileItsBodyIsSuspended_dropsTheWorker(CoroutineEngine engine) throws Throwable {
    assumeTrue(engine == CoroutineEngine.BATON || CoroutineEngine.obstacle() == null);
    AtomicReference<Coroutine> running = new AtomicReference<>();
    CoroutinePool pool = new CoroutinePool(engine, 2, () -> running.get().switchOut());
    Coroutine worker = pool.take();
    running.set(worker);
    assertFalse(pool.resume(worker));
    pool.giveBack(worker);
    assertNotSame(worker, pool.take());
    pool.close();
  }
}
