package dev.tasko;

import dev.tasko.task.CallSite;
import dev.tasko.task.Coroutine;
import dev.tasko.task.Scheduler;
import dev.tasko.task.WaitTarget;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tasks of a loop in words: what each does, what it waits for and who has that, and where its
/// code stands.
///
/// ```text
/// task sensor: SUSPENDED, waits for resource card, held by task logger
///     at app.Station.readSensor(Station.java:40)
/// task logger: SUSPENDED, waits for resource bus, held by task sensor
///     at app.Station.log(Station.java:61)
/// in a circle: sensor -> logger -> sensor
/// ```
///
/// Thread: the loop's. Allocates: yes.
final class Report {
  private final TaskRunner runner;
  private final StringBuilder text = new StringBuilder();

  private Report(TaskRunner runner) {
    this.runner = runner;
  }

  static String of(TaskRunner runner, List<Task> tasks) {
    Report report = new Report(runner);
    tasks.forEach(report::addTask);
    report.addCircles(tasks);
    return report.text.toString();
  }

  /// As another thread sees the tasks of a loop that stands still, or whose thread has ended. A
  /// loop that goes on meanwhile gives a mixture of before and after.
  static String fromOutside(TaskRunner runner, boolean ended) {
    Report report = new Report(runner);
    try {
      for (Task task : runner.tasks()) {
        report.addSeen(task, ended);
      }
    } catch (RuntimeException changing) {
      report.text.append("(the tasks change: ").append(changing).append(")\n");
    }
    return report.text.toString();
  }

  /// The index is read once: the task may end meanwhile.
  private void addSeen(Task task, boolean ended) {
    int index = task.index;
    if (index == Scheduler.NO_TASK) {
      return;
    }
    Task.State state = Task.stateOf(runner.records().state(index));
    text.append("task ").append(task.name()).append(": ").append(state);
    addWait(task);
    Coroutine coroutine = runner.coroutine(index);
    if (coroutine != null
        && state != Task.State.RUNNING
        && (ended || coroutine.ownThread() != null)) {
      addFrames(coroutine);
    }
  }

  private void addTask(Task task) {
    text.append("task ").append(task.name()).append(": ").append(task.state());
    if (task.isCancelled()) {
      text.append(", cancelled");
    }
    addWait(task);
    addStack(task);
  }

  private void addWait(Task task) {
    WaitTarget target = task.waitTarget;
    if (target != null) {
      text.append(target instanceof Task ? ", waits for task " : ", waits for ").append(target);
      addHolder(target);
    }
    text.append('\n');
  }

  private void addHolder(WaitTarget target) {
    int holder = target.holder();
    if (holder != Scheduler.NO_TASK && !(target instanceof Task)) {
      text.append(", held by task ").append(runner.taskName(holder));
    }
  }

  private void addStack(Task task) {
    Coroutine coroutine = runner.coroutine(task.index);
    if (coroutine != null && task.state() != Task.State.RUNNING) {
      addFrames(coroutine);
    }
  }

  private void addFrames(Coroutine coroutine) {
    for (StackTraceElement frame : CallSite.userFrames(coroutine.stack())) {
      text.append("    at ").append(frame).append('\n');
    }
  }

  /// Each circle of tasks that wait for each other, once.
  private void addCircles(List<Task> tasks) {
    Set<Task> seen = new HashSet<>();
    for (Task start : tasks) {
      List<Task> path = new ArrayList<>();
      Task task = start;
      while (task != null && !path.contains(task) && !seen.contains(task)) {
        path.add(task);
        task = holderOf(task);
      }
      if (task != null && path.contains(task)) {
        addCircle(path.subList(path.indexOf(task), path.size()));
      }
      seen.addAll(path);
    }
  }

  private void addCircle(List<Task> circle) {
    text.append("in a circle: ");
    circle.forEach(task -> text.append(task.name()).append(" -> "));
    text.append(circle.getFirst().name()).append('\n');
  }

  private @Nullable Task holderOf(Task task) {
    WaitTarget target = task.waitTarget;
    int holder = target == null ? Scheduler.NO_TASK : target.holder();
    return holder == Scheduler.NO_TASK ? null : runner.task(holder);
  }
}
