package dev.tasko.wheel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Makes a failing program short: delta debugging (Zeller and Hildebrandt, "Simplifying and
/// Isolating Failure-Inducing Input", 2002) over its operations, then over each handler's.
final class Shrinker {
  private Shrinker() {}

  static List<Operation> shrink(List<Operation> failing, Predicate<List<Operation>> fails) {
    List<Operation> program = failing;
    int before;
    do {
      before = weight(program);
      program = simplifyEach(removeOperations(program, fails), fails);
    } while (weight(program) < before);
    return program;
  }

  /// How many operations there are, those in handlers included.
  static int weight(List<Operation> program) {
    int weight = 0;
    for (Operation operation : program) {
      weight += 1 + weight(operation.reactions());
    }
    return weight;
  }

  private static List<Operation> removeOperations(
      List<Operation> failing, Predicate<List<Operation>> fails) {
    List<Operation> program = failing;
    int parts = 2;
    while (!program.isEmpty()) {
      List<Operation> shorter = removeOnePart(program, parts, fails);
      if (shorter.size() < program.size()) {
        program = shorter;
        parts = Math.max(2, parts - 1);
      } else if (parts >= program.size()) {
        break;
      } else {
        parts = Math.min(program.size(), 2 * parts);
      }
    }
    return program;
  }

  private static List<Operation> removeOnePart(
      List<Operation> program, int parts, Predicate<List<Operation>> fails) {
    int size = program.size();
    for (int part = parts - 1; part >= 0; part--) {
      int from = (int) ((long) size * part / parts);
      int to = (int) ((long) size * (part + 1) / parts);
      List<Operation> rest = new ArrayList<>(program.subList(0, from));
      rest.addAll(program.subList(to, size));
      if (rest.size() < size && fails.test(rest)) {
        return rest;
      }
    }
    return program;
  }

  private static List<Operation> simplifyEach(
      List<Operation> failing, Predicate<List<Operation>> fails) {
    List<Operation> program = new ArrayList<>(failing);
    for (int index = 0; index < program.size(); index++) {
      int at = index;
      Operation operation = program.get(at);
      Predicate<Operation> failsWith = other -> fails.test(replaced(program, at, other));
      List<Operation> reactions =
          removeOperations(
              operation.reactions(), rest -> failsWith.test(operation.with(List.copyOf(rest))));
      Operation simpler = operation.with(List.copyOf(reactions));
      for (int count = 1; count < simpler.count(); count = 2 * count) {
        if (failsWith.test(simpler.withCount(count))) {
          simpler = simpler.withCount(count);
          break;
        }
      }
      Operation plain = simpler.withTime(Operation.Time.NOW);
      if (!plain.equals(simpler) && failsWith.test(plain)) {
        simpler = plain;
      }
      program.set(at, simpler);
    }
    return program;
  }

  private static List<Operation> replaced(List<Operation> program, int index, Operation other) {
    List<Operation> copy = new ArrayList<>(program);
    copy.set(index, other);
    return copy;
  }
}
