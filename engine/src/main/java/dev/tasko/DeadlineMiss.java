package dev.tasko;

import org.jspecify.annotations.Nullable;

/// A missed deadline, and who was in the way. One object for each loop, filled anew for each miss:
/// a handler reads it and does not keep it. Allocates: only [#toString], and the names of tasks
/// that were given none.
///
/// **In the way** is, of all that ran between release and deadline, the task that ran longest in
/// that time. That may be the late task itself. If for a longer time nothing ran although the task
/// was due, nobody was: the loop woke late, for example because the machine was busy.
///
/// Thread: the loop's.
public final class DeadlineMiss {
  private static final String NOBODY = "nobody: the loop woke late";
  private static final String POSTS = "posts of other threads";

  private @Nullable ScheduledTask task;
  private long releaseNs;
  private long deadlineNs;
  private long noticedNs;
  private @Nullable Task culprit;
  private String stranger = NOBODY;
  private long culpritRunNs;
  private long culpritLongestRunNs;
  private boolean complete;

  DeadlineMiss() {}

  void begin(ScheduledTask late, long lateReleaseNs, long lateDeadlineNs, long nowNs) {
    task = late;
    releaseNs = lateReleaseNs;
    deadlineNs = lateDeadlineNs;
    noticedNs = nowNs;
  }

  void blame(Task runner, long runNs) {
    culprit = runner;
    culpritRunNs = runNs;
  }

  void blamePosts(long runNs) {
    culprit = null;
    stranger = POSTS;
    culpritRunNs = runNs;
  }

  void blameNobody() {
    culprit = null;
    stranger = NOBODY;
    culpritRunNs = 0;
    culpritLongestRunNs = 0;
  }

  void longestRun(long runNs) {
    culpritLongestRunNs = runNs;
  }

  void complete(boolean isComplete) {
    complete = isComplete;
  }

  /// `null` for posts.
  @Nullable Task culpritTask() {
    return culprit;
  }

  /// The late task.
  ///
  /// @return whose activation has not ended in time
  public ScheduledTask task() {
    if (task == null) {
      throw new IllegalStateException("bug: deadline miss: read before it was filled");
    }
    return task;
  }

  /// When the activation was released.
  ///
  /// @return absolute, ns, in the loop clock's time base
  public long releaseNs() {
    return releaseNs;
  }

  /// When it should have ended.
  ///
  /// @return absolute, ns, in the loop clock's time base
  public long deadlineNs() {
    return deadlineNs;
  }

  /// How late it is so far; it may not have ended yet, or not even begun.
  ///
  /// @return ns from the deadline to the moment at which the loop noticed
  public long latenessNs() {
    return noticedNs - deadlineNs;
  }

  /// Who was in the way.
  ///
  /// @return the name of a task, or `nobody: the loop woke late`, or `posts of other threads`
  public String culprit() {
    return culprit == null ? stranger : culprit.name();
  }

  /// How long that one ran between release and deadline.
  ///
  /// @return ns in all
  public long culpritRunNs() {
    return culpritRunNs;
  }

  /// How long the longest of those runs took, from its beginning, which may be before the release,
  /// to its end, which may be after the deadline. A task that held up everybody for 25 ms is told
  /// as such here, however soon the deadline was.
  ///
  /// @return ns of one run; 0 if nobody was in the way
  public long culpritLongestRunNs() {
    return culpritLongestRunNs;
  }

  /// Where that one was scheduled.
  ///
  /// @return class, method, file and line; empty if it is no task; unknown for a task that was not
  ///   scheduled at a rate or by a release, except in strict mode
  public String culpritSite() {
    return culprit == null ? "" : culprit.site;
  }

  /// Whether all that ran in that time was still known: the loop remembers its latest 256 runs.
  ///
  /// @return if not, somebody else may have run longer
  public boolean isComplete() {
    return complete;
  }

  @Override
  public String toString() {
    String site = culpritSite();
    return "deadline: "
        + (task == null ? "" : task.name())
        + ", released at "
        + releaseNs
        + " ns, missed "
        + deadlineNs
        + " ns by "
        + latenessNs()
        + " ns; in its way: "
        + culprit()
        + (culprit == null && culpritRunNs == 0 ? "" : ", which ran for " + culpritRunNs + " ns")
        + (site.isEmpty() ? "" : ", scheduled at " + site)
        + (complete ? "" : "; earlier runs are forgotten");
  }
}
