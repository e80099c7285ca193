package dev.tasko.bench.peer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/// Caffeine's wheel behind a cache whose entries expire: the only way to it. Payloads are unique
/// keys and the handles, and a poll is `cleanUp`, in simulated time on the caller's thread.
///
/// Its finest bucket is 1.07 s wide, so timers are late by up to that much, and it pays for the map
/// and the buffers of a concurrent cache: context, not a rival. Timers may not be armed while it
/// expires others, so what is due is handed over after that.
final class CaffeineQueue implements TimerQueue {
  private final Expiry expiry;
  private final Cache<Long, Long> cache;
  private final Policy.VarExpiration<Long, Long> expiration;
  private LongArrayList due = new LongArrayList();
  private LongArrayList delivered = new LongArrayList();
  private long nowNs;

  CaffeineQueue(Load load, Expiry expiry) {
    this.expiry = expiry;
    nowNs = load.startNs();
    cache =
        Caffeine.newBuilder()
            .initialCapacity(load.timers())
            .executor(Runnable::run)
            .ticker(() -> nowNs)
            .expireAfter(
                com.github.benmanes.caffeine.cache.Expiry.<Long, Long>creating(
                    (key, value) -> Duration.ZERO))
            .removalListener(this::onRemoval)
            .build();
    expiration = cache.policy().expireVariably().orElseThrow();
  }

  private void onRemoval(@Nullable Long key, @Nullable Long value, RemovalCause cause) {
    if (cause == RemovalCause.EXPIRED && key != null) {
      due.addLong(key);
    }
  }

  @Override
  public long schedule(long deadlineNs, long payload) {
    Long key = payload;
    var _ = expiration.put(key, key, Math.max(0, deadlineNs - nowNs), TimeUnit.NANOSECONDS);
    return payload;
  }

  @Override
  public boolean cancel(long handle) {
    return cache.asMap().remove(handle) != null;
  }

  @Override
  public long postpone(long handle, long deadlineNs) {
    Long key = handle;
    if (cache.policy().getIfPresentQuietly(key) == null) {
      return NO_HANDLE;
    }
    expiration.setExpiresAfter(key, Math.max(0, deadlineNs - nowNs), TimeUnit.NANOSECONDS);
    return handle;
  }

  @Override
  public int advanceTo(long nowNs) {
    this.nowNs = nowNs;
    cache.cleanUp();
    LongArrayList batch = due;
    due = delivered;
    delivered = batch;
    int fired = batch.size();
    for (int i = 0; i < fired; i++) {
      expiry.onTimer(batch.getLong(i));
    }
    batch.clear();
    return fired;
  }

  /// It could tell a scheduler, but not its caller.
  @Override
  public long nextDeadlineNs() {
    return NO_DEADLINE;
  }

  @Override
  public int size() {
    return (int) cache.estimatedSize() + due.size();
  }
}
