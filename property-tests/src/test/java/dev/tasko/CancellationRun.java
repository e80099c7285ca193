package dev.tasko;

import dev.tasko.CancellationHistory.Act;
import dev.tasko.CancellationHistory.Deed;
import dev.tasko.CancellationHistory.Kind;
import dev.tasko.CancellationHistory.Operation;
import dev.tasko.CancellationShadow.Group;
import dev.tasko.CancellationShadow.Life;
import dev.tasko.CancellationShadow.Resource;
import dev.tasko.CancellationShadow.Scope;
import dev.tasko.CancellationShadow.Signal;
import dev.tasko.resource.Handle;
import dev.tasko.resource.Lease;
import dev.tasko.resource.ManagedResource;
import dev.tasko.task.CoroutineEngine;
import dev.tasko.task.TaskCancelledException;
import dev.tasko.task.TaskTimeoutException;
import dev.tasko.wakeup.Interrupt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import org.jspecify.annotations.Nullable;

/// One history on a real loop in virtual time, each wait beside the [CancellationShadow], which
/// knows what may come of it.
///
/// When all has gone its way, whatever still waits is rescued: interrupts are fired and suspensions
/// resumed, and if that does not help, because tasks wait for each other, all are cancelled. Then
/// nothing may be left.
final class CancellationRun {
  private static final long RESCUE_AT_NS = 200;
  private static final int KIND_RESCUES = 30;
  private static final int RESCUES = 300;
  private static final int GENERATED_SIZE = 1000;
  private static final int SHRINK_TRIES = 2000;
  private static final long NO_LIMIT = Long.MAX_VALUE;

  private interface Step {
    void run() throws Exception;
  }

  private interface Around {
    void run(Step inside) throws Exception;
  }

  private static final class Seeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Seeded() {
      super("seeded", null, false, false);
    }
  }

  private final CancellationHistory history;
  private final VirtualTime time = new VirtualTime(0);
  private final Loop loop;
  private final CancellationShadow shadow;
  private final List<ManagedResource<String, Life>> resources = new ArrayList<>();
  private final List<Interrupt> interrupts = new ArrayList<>();
  private final List<Task> tasks = new ArrayList<>();
  private final boolean groups;
  private int rescues;
  private boolean wasOver;
  private long lastRescueNs;

  CancellationRun(CoroutineEngine engine, CancellationHistory history) {
    this.history = history;
    groups = history.hasGroups();
    loop =
        new Loop(
            new LoopConfig()
                .engine(engine)
                .virtualTime(time)
                .taskCapacity(128)
                .strict(false)
                .onStranded(stranded -> {}));
    shadow = new CancellationShadow(time, loop::turns);
    for (int i = 0; i < CancellationHistory.RESOURCES; i++) {
      Resource resource = shadow.resources.get(i);
      resources.add(
          new ManagedResource<>(
              loop,
              "r" + i,
              life -> shadow.acquired(resource, life),
              life -> shadow.released(resource, life)));
    }
    for (int i = 0; i < CancellationHistory.INTERRUPTS; i++) {
      interrupts.add(loop.interrupt("i" + i));
    }
  }

  /// Runs histories until one goes wrong, and makes that shorter.
  ///
  /// @param seed each history follows from it and its number
  /// @return `null` if none goes wrong, else what, and the history
  static @Nullable String firstFailure(long seed, long histories) {
    RandomGenerator<CancellationHistory> generator =
        CancellationHistory.any().generator(GENERATED_SIZE);
    for (long number = 1; number <= histories; number++) {
      Random random = new Random(seed + number * 0x9E3779B97F4A7C15L);
      Shrinkable<CancellationHistory> candidate = generator.next(random);
      if (!wrong(candidate.value()).isEmpty()) {
        CancellationHistory shrunk = shrink(candidate);
        return String.format(
            Locale.ROOT, "history %d of seed %d: %s%n%s", number, seed, wrong(shrunk), shrunk);
      }
    }
    return null;
  }

  private static CancellationHistory shrink(Shrinkable<CancellationHistory> failing) {
    Shrinkable<CancellationHistory> best = failing;
    while (true) {
      Shrinkable<CancellationHistory> next =
          best.shrink()
              .limit(SHRINK_TRIES)
              .filter(candidate -> !wrong(candidate.value()).isEmpty())
              .findFirst()
              .orElse(null);
      if (next == null) {
        return best.value();
      }
      best = next;
    }
  }

  private static List<String> wrong(CancellationHistory history) {
    return new CancellationRun(CoroutineEngine.best(), history).run();
  }

  /// Returns all that went wrong.
  List<String> run() {
    for (List<Operation> program : history.programs()) {
      Life life = shadow.newLife(null);
      tasks.add(loop.addTask(life.toString(), new Body(life, program)::live));
    }
    for (Act act : history.acts()) {
      loop.callAt(act.atNs(), () -> perform(act));
    }
    loop.callAt(RESCUE_AT_NS, this::rescue);
    if (history.isClosedEarly()) {
      loop.callAt(history.closeAtNs(), loop::stop);
    }
    try {
      loop.run();
      if (!history.isClosedEarly()) {
        checkEnd();
      }
      shadow.closing = true;
      loop.close();
      checkNothingIsLeft();
    } catch (RuntimeException | Error e) {
      shadow.check(false, "thrown to the caller: " + e + " at " + List.of(e.getStackTrace()));
    }
    return shadow.wrong;
  }

  private void checkEnd() {
    checkNothingIsLeft();
    shadow.check(time.nanoTime() == lastRescueNs, "something was left armed");
    for (int i = 0; i < interrupts.size(); i++) {
      long left = interrupts.get(i).take();
      shadow.check(left == shadow.signals.get(i).firedInTurn.size(), "firings are lost");
    }
    for (Life life : shadow.lives) {
      shadow.check(life.ended, life + " has not ended");
    }
  }

  private void checkNothingIsLeft() {
    shadow.check(loop.tasks().isEmpty(), "left: " + loop.tasks());
    for (ManagedResource<String, Life> resource : resources) {
      shadow.check(!resource.isOwned(), "a resource is lost");
    }
  }

  /// Comes once more after the last task, so that the last firings are seen by the loop.
  private void rescue() {
    lastRescueNs = time.nanoTime();
    boolean over = shadow.lives.stream().allMatch(life -> life.ended);
    if (over && wasOver) {
      return;
    }
    wasOver = over;
    rescues++;
    shadow.check(rescues < RESCUES, "stuck: " + shadow.lives);
    if (rescues == RESCUES) {
      loop.stop();
      return;
    }
    if (!over) {
      rescueAll();
    }
    loop.callAt(lastRescueNs + 1, this::rescue);
  }

  private void rescueAll() {
    for (int i = 0; i < interrupts.size(); i++) {
      fire(i);
    }
    for (Life life : List.copyOf(shadow.lives)) {
      resume(life);
      if (rescues > KIND_RESCUES) {
        cancel(life, null);
      }
    }
  }

  // Deeds.

  private void perform(Act act) {
    if (act.posted()) {
      loop.post(() -> perform(act.deed(), act.which(), null));
    } else {
      perform(act.deed(), act.which(), null);
    }
  }

  private void perform(Deed deed, int which, @Nullable Life self) {
    Life life = shadow.lives.get(which % shadow.lives.size());
    switch (deed) {
      case CANCEL -> cancel(life, self);
      case FIRE -> fire(which % interrupts.size());
      case RESUME -> resume(life);
    }
  }

  private void cancel(Life life, @Nullable Life self) {
    if (life != self) {
      shadow.cancel(life);
      tasks.get(life.number).cancel();
    }
  }

  private void fire(int which) {
    shadow.fired(shadow.signals.get(which));
    interrupts.get(which).fire();
  }

  private void resume(Life life) {
    Suspension suspension = life.suspension;
    if (suspension == null) {
      return;
    }
    boolean counts = shadow.isResumable(life);
    shadow.check(suspension.resume() == counts, "resume of " + life + " is not " + counts);
    if (counts) {
      shadow.grant(life);
    }
  }

  /// A task that does what is written in a program.
  private final class Body {
    private final Life self;
    private final List<Operation> program;
    private @Nullable TaskGroup group;
    private @Nullable Group groupShadow;

    Body(Life self, List<Operation> program) {
      this.self = self;
      this.program = program;
    }

    /// A failure that nobody is told of would leave `run` in the middle of a step, or `close`.
    void live() throws Exception {
      shadow.check(!self.cancelled, self + " is cancelled and begins");
      self.begun = true;
      Throwable thrown = null;
      try {
        perform(program);
      } catch (RuntimeException e) {
        checkKnown(e);
        boolean told = !shadow.closing && shadow.isAnybodyTold(self);
        if (told || e instanceof TaskCancelledException) {
          thrown = e;
          throw e;
        }
      } finally {
        shadow.check(self.scopes.isEmpty(), self + " ends with scopes open");
        shadow.ended(self, thrown);
      }
    }

    private void checkKnown(RuntimeException e) {
      boolean known =
          !(e instanceof IllegalStateException)
              || String.valueOf(e.getMessage()).startsWith("close: the group of task");
      shadow.check(known || shadow.closing, self + " throws " + e);
    }

    private void perform(List<Operation> operations) throws Exception {
      int next = 0;
      while (next < operations.size()) {
        Operation operation = operations.get(next);
        int from = next + 1;
        int to = operation.kind().isBlock() ? end(operations, from) : from;
        perform(operation, operations.subList(from, to));
        next = to;
      }
    }

    private static int end(List<Operation> operations, int from) {
      int depth = 1;
      for (int i = from; i < operations.size(); i++) {
        if (operations.get(i).kind().isBlock()) {
          depth++;
        } else if (operations.get(i).kind() == Kind.END) {
          depth--;
        }
        if (depth == 0) {
          return i;
        }
      }
      return operations.size();
    }

    private void perform(Operation operation, List<Operation> block) throws Exception {
      int which = operation.which();
      switch (operation.kind()) {
        case YIELD -> waits("yield", this::yieldNow);
        case SLEEP -> waits("sleep", () -> sleep(operation.ns()));
        case AWAIT -> await(which % interrupts.size());
        case SUSPEND -> waits("suspend", this::suspend);
        case JOIN -> join(operation, shadow.lives.get(which % shadow.lives.size()));
        case HOLD -> hold(operation, NO_LIMIT, block);
        case HOLD_WITHIN -> hold(operation, operation.limitNs(), block);
        case LIMIT -> limit(operation.limitNs(), which % 2 == 0, () -> perform(block));
        case SHIELD -> shield(block);
        case CATCH -> swallow(block);
        case GROUP -> group(which, false, block);
        case RACE -> group(which, true, block);
        case FORK -> fork(block);
        case END -> {}
        case FAIL -> throw new Seeded();
        case CANCEL -> CancellationRun.this.perform(Deed.CANCEL, which, self);
        case FIRE -> CancellationRun.this.perform(Deed.FIRE, which, self);
        case RESUME -> CancellationRun.this.perform(Deed.RESUME, which, self);
      }
    }

    /// Tasks that wait for each other in shields can only be helped by limits.
    private boolean mayDeadlock() {
      return self.isShielded() && (groups || shadow.holdsAny(self));
    }

    // Waits.

    private void waits(String what, Step wait) throws Exception {
      shadow.beginWait(self, what);
      try {
        wait.run();
        shadow.returned(self);
      } catch (TaskCancelledException | TaskTimeoutException | TaskFailedException e) {
        shadow.thrown(self, e);
        throw e;
      } finally {
        shadow.endWait(self);
      }
    }

    private void yieldNow() {
      loop.yieldNow();
      shadow.yielded(self);
    }

    private void sleep(int ns) {
      loop.sleepNs(ns);
      shadow.slept(self, ns);
    }

    private void suspend() {
      Suspension suspension = loop.suspend();
      shadow.suspends(self, suspension);
      suspension.await();
    }

    private void await(int which) throws Exception {
      Signal signal = shadow.signals.get(which);
      if (signal.waiter != null) {
        return;
      }
      waits(
          "await",
          () -> {
            shadow.awaits(self, signal);
            shadow.counted(self, signal, interrupts.get(which).await());
          });
    }

    /// An owner of a group joins that now and then.
    private void join(Operation operation, Life target) throws Exception {
      if (group != null && groupShadow != null && operation.which() % 3 == 0) {
        join(group, groupShadow);
        return;
      }
      if (shadow.isCycle(self, target)) {
        joinInVain(target);
      } else if (mayDeadlock()) {
        limit(operation.ns(), true, () -> join(target));
      } else {
        join(target);
      }
    }

    private void joinInVain(Life target) throws Exception {
      waits(
          "vain join",
          () -> {
            shadow.beginPoint(self, "vain join");
            try {
              tasks.get(target.number).join();
              shadow.check(false, self + " joins " + target + ", which needs it");
            } catch (IllegalStateException e) {
              boolean refused = String.valueOf(e.getMessage()).endsWith("waits for its own end)");
              shadow.check(refused, self + ": should not throw " + e);
            }
          });
    }

    private void join(Life target) throws Exception {
      Task task = tasks.get(target.number);
      waits(
          "join",
          () -> {
            shadow.joins(self, target);
            try {
              task.join();
            } catch (TaskFailedException e) {
              if (!target.ended
                  || shadow.mustThrow(self)
                  || !Objects.equals(e.getCause(), task.failure())) {
                throw e;
              }
            }
          });
    }

    private void hold(Operation operation, long limitNs, List<Operation> block) throws Exception {
      int which = operation.which() % resources.size();
      Resource resource = shadow.resources.get(which);
      if (resource.owner == self) {
        return;
      }
      Handle<String, Life> handle = resources.get(which).handle(self);
      AtomicReference<Lease<String>> lease = new AtomicReference<>();
      long boundNs = mayDeadlock() ? operation.ns() : limitNs;
      waits("acquire", () -> lease.set(acquire(resource, handle, boundNs)));
      try (Lease<String> _ = lease.get()) {
        shadow.check(resource.user == self, self + " has not what it acquired");
        perform(block);
      }
    }

    private Lease<String> acquire(Resource resource, Handle<String, Life> handle, long limitNs) {
      boolean limited = limitNs != NO_LIMIT;
      shadow.asks(self, resource, limited ? Scope.limit(time, limitNs) : null);
      return limited ? handle.acquire(Duration.ofNanos(limitNs)) : handle.acquire();
    }

    // Blocks.

    private void swallow(List<Operation> block) throws Exception {
      try {
        perform(block);
      } catch (RuntimeException e) {
        checkKnown(e);
      }
    }

    /// @param caught whether it ends with the block that it limits
    private void limit(long limitNs, boolean caught, Step block) throws Exception {
      try {
        Scope scope = Scope.limit(time, limitNs);
        enter("timeout", step -> loop.timeoutNs(limitNs, step::run), scope, block);
      } catch (TaskTimeoutException e) {
        if (!caught) {
          throw e;
        }
      }
    }

    private void shield(List<Operation> block) throws Exception {
      loop.shielded(() -> within(Scope.shield(), () -> perform(block)));
    }

    /// A call that throws at once or runs what it is given.
    private void enter(String what, Around call, Scope scope, Step block) throws Exception {
      boolean[] entered = {false};
      shadow.beginPoint(self, what);
      try {
        call.run(() -> {
          entered[0] = true;
          shadow.returned(self);
          shadow.endWait(self);
          within(scope, block);
        });
      } catch (TaskCancelledException | TaskTimeoutException | TaskFailedException e) {
        if (!entered[0]) {
          shadow.thrown(self, e);
          shadow.endWait(self);
        }
        throw e;
      }
    }

    private void within(Scope scope, Step block) throws Exception {
      self.scopes.push(scope);
      try {
        block.run();
      } finally {
        self.scopes.pop();
      }
    }

    // Groups.

    private void group(int which, boolean race, List<Operation> block) throws Exception {
      AtomicReference<TaskGroup> made = new AtomicReference<>();
      waits(
          "group",
          () -> {
            shadow.beginPoint(self, "group");
            made.set(race ? loop.race() : loop.group());
          });
      TaskGroup outer = group;
      Group outerShadow = groupShadow;
      TaskGroup mine = made.get();
      Group mineShadow = new Group(self, race);
      group = mine;
      groupShadow = mineShadow;
      self.scopes.push(Scope.group(mineShadow));
      try {
        perform(block);
        if (which % 4 != 0) {
          join(mine, mineShadow);
        }
      } finally {
        group = outer;
        groupShadow = outerShadow;
        close(mine, mineShadow);
      }
    }

    private void join(TaskGroup mine, Group mineShadow) throws Exception {
      AtomicReference<TaskFailedException> failure = new AtomicReference<>();
      waits(
          "group join",
          () -> {
            shadow.joins(self, mineShadow);
            try {
              mine.join();
            } catch (TaskFailedException e) {
              if (shadow.mustThrow(self) || !mineShadow.failed || !mineShadow.children.isEmpty()) {
                throw e;
              }
              failure.set(e);
            } finally {
              mineShadow.ownerWaits = false;
            }
          });
      if (failure.get() != null) {
        throw failure.get();
      }
    }

    private void close(TaskGroup mine, Group mineShadow) {
      mineShadow.closed = true;
      shadow.cancelChildren(mineShadow);
      mineShadow.ownerWaits = !mineShadow.children.isEmpty();
      self.scopes.push(Scope.shield());
      try {
        mine.close();
      } finally {
        self.scopes.pop();
        self.scopes.pop();
        mineShadow.ownerWaits = false;
        boolean empty = mineShadow.children.isEmpty();
        shadow.check(empty || shadow.closing, mineShadow.children + " outlive their group");
      }
    }

    private void fork(List<Operation> block) throws Exception {
      if (group == null || groupShadow == null || groupShadow.isOver()) {
        perform(block);
        return;
      }
      Life child = shadow.newLife(groupShadow);
      tasks.add(group.fork(child.toString(), new Body(child, block)::live));
    }
  }
}
