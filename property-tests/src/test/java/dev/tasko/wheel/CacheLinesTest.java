package dev.tasko.wheel;

import static java.lang.constant.ConstantDescs.CD_long;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.tasko.Seeding;
import dev.tasko.wheel.CacheLineRun.Workload;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.BufferUtil;
import org.agrona.UnsafeApi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many cache lines each operation of the wheel touches: counts, the same on every machine.
class CacheLinesTest {
  private static final List<Integer> LIVE = List.of(1_000, 100_000, 1_000_000, 10_000_000);

  private static final AccessRewriter OF_THE_CASES =
      new AccessRewriter(name -> name.startsWith(EveryAccess.class.getName()));

  private static final ByteBuffer EXTRA_LINE = BufferUtil.allocateDirectAligned(64, 64);

  /// Averages, for each of [#LIVE]: lines in a call, or for a timer fired the lines (`FIRE`) and
  /// the moves that it takes. The first number is the target, which for `FIRE` is that of the last;
  /// the others hold today. Where the poll puts the youngest into its list, as in `HOLD` with few
  /// timers, `FIRE` and `MOVES` have that, not `SCHEDULE`.
  private enum Limit {
    SCHEDULE(3.1, 2.8, 3.01, 3.01),
    CANCEL(2, 2.4, 3, 3),
    POSTPONE(1, 1, 1, 1),
    FIRE(2, 8.9, 5.7, 4.1, 3.8),
    MOVES(2, 1.3, 1.4, 1.3, 1.1);

    private final double target;

    @SuppressWarnings("ImmutableEnumChecker")
    private final double[] today;

    Limit(double target, double... today) {
      this.target = target;
      this.today = today;
    }

    private void check(int live, Map<String, Double> averages) {
      String name = name().toLowerCase(Locale.ROOT);
      Double average = averages.get(name);
      if (average != null) {
        double limit = today[LIVE.indexOf(live)];
        assertTrue(
            average <= limit,
            () ->
                name
                    + ": "
                    + average
                    + " (expected: at most "
                    + limit
                    + ", target "
                    + target
                    + ")");
      }
    }
  }

  @ParameterizedTest
  @MethodSource
  void lines_onAverage(Workload workload, int live) throws ReflectiveOperationException {
    Map<String, Double> averages = run(ClassTransform.ACCEPT_ALL, workload, live);
    for (Limit limit : Limit.values()) {
      limit.check(live, averages);
    }
  }

  static Stream<Arguments> lines_onAverage() {
    return Stream.concat(
        LIVE.stream()
            .limit(3)
            .flatMap(live ->
                Stream.of(Workload.CANCEL_RANDOM, Workload.POSTPONE_LATER, Workload.HOLD)
                    .map(workload -> arguments(workload, live))),
        Stream.of(arguments(Workload.DRAIN, LIVE.getLast())));
  }

  /// A timer that is cancelled before another is armed is never written to memory.
  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000, 1_000_000})
  void lines_scheduleThenCancel(int live) throws ReflectiveOperationException {
    Map<String, Double> averages =
        run(ClassTransform.ACCEPT_ALL, Workload.SCHEDULE_THEN_CANCEL, live);
    assertEquals(0, value(averages, "schedule"), 0.001);
    assertEquals(0, value(averages, "cancel"), 0.001);
  }

  /// The budget counts moves too, and neither counting knows of the other.
  @Test
  void moves_andFiringsSpendTheBudget() throws ReflectiveOperationException {
    Map<String, Double> averages = run(ClassTransform.ACCEPT_ALL, Workload.DRAIN_BY_UNITS, 10_000);
    assertEquals(value(averages, "moves") + 1, value(averages, "polls"), 1e-9);
  }

  /// A wheel with one more line in a method: that figure shows it, and no other.
  @ParameterizedTest
  @CsvSource({
    "SCHEDULE_THEN_CANCEL, schedule",
    "SCHEDULE_THEN_CANCEL, cancel",
    "POSTPONE_LATER, postpone",
    "HOLD, poll"
  })
  void lines_oneMoreIsNoticed(Workload workload, String method)
      throws ReflectiveOperationException {
    ClassTransform defect =
        Seeding.atStart(
            method,
            code ->
                code.loadConstant(BufferUtil.address(EXTRA_LINE))
                    .invokestatic(
                        describe(UnsafeApi.class), "getLong", MethodTypeDesc.of(CD_long, CD_long))
                    .pop2());
    int live = LIVE.getFirst();
    Map<String, Double> expected = run(ClassTransform.ACCEPT_ALL, workload, live);
    Map<String, Double> found = run(defect, workload, live);
    for (String call : List.of("schedule", "cancel", "postpone", "poll")) {
      double more = value(found, call) - value(expected, call);
      assertEquals(call.equals(method) ? 1 : 0, more, 1e-9, call);
    }
  }

  @ParameterizedTest
  @MethodSource
  void access_isCounted(String access, int lines) throws ReflectiveOperationException {
    MutantLoader loader = OF_THE_CASES.loader(ClassTransform.ACCEPT_ALL);
    method(loader, EveryAccess.class, access).invoke(null);
    assertEquals(lines, method(loader, CacheLines.class, "take").invoke(null));
  }

  static Stream<Arguments> access_isCounted() {
    return Arrays.stream(EveryAccess.class.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(EveryAccess.Lines.class))
        .map(m -> arguments(m.getName(), m.getAnnotation(EveryAccess.Lines.class).value()));
  }

  @Test
  void access_everyKindIsTried() {
    byte[] rewritten = OF_THE_CASES.rewrite(MutantLoader.read(EveryAccess.class.getName()));
    Set<String> tried =
        ClassFile.of().parse(rewritten).methods().stream()
            .flatMap(method -> method.code().stream())
            .flatMap(CodeModel::elementStream)
            .filter(InvokeInstruction.class::isInstance)
            .map(InvokeInstruction.class::cast)
            .filter(call -> call.owner().asSymbol().equals(describe(CountedMemory.class)))
            .map(call -> call.name().stringValue() + call.type().stringValue())
            .collect(Collectors.toSet());
    assertEquals(AccessRewriter.STAND_INS, tried);
  }

  @ParameterizedTest
  @MethodSource
  void access_unknownIsRefused(String name) {
    AccessRewriter rewriter = new AccessRewriter(name::equals);
    byte[] unknown = MutantLoader.read(name);
    assertThrows(IllegalArgumentException.class, () -> rewriter.rewrite(unknown));
  }

  static Stream<String> access_unknownIsRefused() {
    return Arrays.stream(UnknownAccess.class.getDeclaredClasses()).map(Class::getName);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Double> run(ClassTransform defect, Workload workload, int live)
      throws ReflectiveOperationException {
    MutantLoader loader = AccessRewriter.ofTheWheel().loader(defect);
    return (Map<String, Double>)
        method(loader, CacheLineRun.class, "run", String.class, int.class)
            .invoke(null, workload.name(), live);
  }

  private static double value(Map<String, Double> averages, String name) {
    return averages.getOrDefault(name, 0.0);
  }

  private static Method method(
      MutantLoader loader, Class<?> type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    Method method = loader.loadClass(type.getName(), true).getDeclaredMethod(name, parameters);
    method.setAccessible(true);
    return method;
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }
}
