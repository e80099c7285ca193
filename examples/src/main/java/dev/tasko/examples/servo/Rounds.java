package dev.tasko.examples.servo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/// Lets contenders run by turns, so that what else happens on the machine hits all alike: each once
/// in each round, and each round begins with another one. A short round before the first is not
/// counted: it is for the VM's compilers, and so at a high rate, whatever the rate of the others.
final class Rounds {
  private static final int WARM_UP_HZ = 20_000;

  private final List<Contender> contenders;
  private final Conditions conditions;
  private final Consumer<String> progress;

  /// @param progress told what begins
  Rounds(List<Contender> contenders, Conditions conditions, Consumer<String> progress) {
    this.contenders = contenders;
    this.conditions = conditions;
    this.progress = progress;
  }

  /// Runs all.
  ///
  /// @return for each contender, in their order
  /// @throws Exception if a round failed
  List<Lateness> run(int rounds) throws Exception {
    List<Lateness> results =
        contenders.stream().map(contender -> new Lateness(contender.name())).toList();
    progress.accept("warming up");
    for (Contender contender : contenders) {
      contender.run(conditions.atLeast(WARM_UP_HZ));
    }
    for (int round = 0; round < rounds; round++) {
      for (int index : order(round)) {
        Contender contender = contenders.get(index);
        progress.accept("round %d of %d: %s".formatted(round + 1, rounds, contender.name()));
        results.get(index).add(conditions.planned(), contender.run(conditions));
      }
    }
    return results;
  }

  private List<Integer> order(int round) {
    List<Integer> order = new ArrayList<>();
    for (int index = 0; index < contenders.size(); index++) {
      order.add(index);
    }
    Collections.rotate(order, -round);
    return order;
  }
}
