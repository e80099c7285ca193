package dev.tasko.wheel;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Defects to seed into the real [TimerWheel], instruction by instruction. A test that does not
/// find these would not find their like.
enum WheelMutant {
  /// A record's next handle equals its last: ABA.
  GENERATION_NOT_BUMPED(in("schedule", constant(1L << 26), CodeBuilder::lconst_0)),
  /// The last generation is used again.
  LAST_GENERATION_NOT_RETIRED(in("release", compare(), always(1))),
  FIRES_ONE_NANOSECOND_EARLY(beforePolling(1)),
  FIRES_ONE_NANOSECOND_LATE(beforePolling(-1)),
  /// Times before the start sort after all others.
  SIGN_WRAP_IN_SLOT_OF(in("slotOf", constant(Long.MIN_VALUE), CodeBuilder::lconst_0)),
  /// Equal deadlines fire last in, first out.
  APPENDED_AT_THE_HEAD(appendAtHead()),
  /// A timer armed during a poll for its time fires in it.
  DEFERRAL_DROPPED(in("placeSlowly", read("polling"), code -> code.pop().iconst_0())),
  /// A timer armed during a poll for its time never fires.
  DEFERRED_NOT_PLACED(in("poll", call("placeDeferred"), CodeBuilder::pop)),
  LEAST_DEADLINE_NOT_UPDATED(in("append", compare(), always(1))),
  /// A spliced list's slot stays in the bitmap.
  MARK_EMPTY_SKIPPED(in("spliceBefore", call("markEmpty"), CodeBuilder::pop2)),
  /// Rewinding puts older timers behind younger ones.
  SPLICED_BEHIND(spliceBehind()),
  /// A cancelled timer's record is lost.
  RELEASE_SKIPPED(in("cancel", call("release"), CodeBuilder::pop2)),
  /// A timer armed into a half-emptied slot's range overtakes those in it.
  OPEN_RANGE_IGNORED(in("placeSlowly", read("openSlot"), code -> code.pop().iconst_m1())),
  /// The same, but only for the last nanosecond of the range.
  OPEN_RANGE_ENDS_EARLY(
      in(
          "placeSlowly",
          read("openThrough"),
          code -> code.getfield(wheel(), "openThrough", ConstantDescs.CD_long).lconst_1().lsub())),
  /// A timer armed into the range of a half-emptied past overtakes those in it.
  PAST_RANGE_CUT_AT_REWIND(in("rewind", write("cursor"), invoke("moveCursor", "(J)V"))),
  SLOW_PATH_IGNORED(in("place", compare(), always(1))),
  /// The past is emptied as if it were ahead.
  REWIND_SKIPPED(in("fireDue", call("rewind"), WheelMutant::cascadeThePast)),
  /// What a rewind left open when it was given up is forgotten by the next, shorter one. Was real.
  GIVEN_UP_REWIND_FORGOTTEN(in("rewind", second(call("level")), code -> code.pop().iconst_0())),
  /// A half-emptied slot is forgotten until the rewind reaches it. Was real.
  HALF_OPEN_SLOT_NOT_SPLICED_FIRST(
      in("rewind", first(call("spliceBefore")), code -> code.pop2().pop())),
  /// Opening a slot moves the cursor past its start.
  CURSOR_TOO_FAR(in("open", operator(Opcode.LAND), CodeBuilder::pop2)),
  /// The last timer of a half-emptied slot fires before those already moved below it.
  OPEN_SLOT_FIRED_FROM(in("isFireable", read("openSlot"), code -> code.pop().iconst_m1())),
  /// A cancelled timer wakes the loop for ever.
  STALE_LEAST_DEADLINE_KEPT(in("fireDue", call("putLong"), code -> code.pop2().pop2())),
  CANCEL_OF_THE_FIRING_TIMER(in("cancel", read("firing"), code -> code.pop().bipush(-2))),
  /// A timer that arms itself again is released all the same.
  FIRING_KEPT_BY_POSTPONE(in("postpone", write("firing"), CodeBuilder::pop2));

  private static final ClassDesc WHEEL = wheel();
  private static final ClassDesc BUFFER = ClassDesc.of("org.agrona.concurrent.UnsafeBuffer");

  /// A slot of level 0 that the wheel does not use.
  private static final int SCRATCH = 2;

  /// Good for one use: some count the instructions that they see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final ClassTransform mutation;

  WheelMutant(ClassTransform mutation) {
    this.mutation = mutation;
  }

  private static ClassDesc wheel() {
    return TimerWheel.class.describeConstable().orElseThrow();
  }

  byte[] mutate(byte[] wheel) {
    ClassFile classFile = ClassFile.of();
    byte[] guarded =
        classFile.transformClass(classFile.parse(wheel), atStart("head", WheelMutant::countStep));
    return classFile.transformClass(classFile.parse(guarded), mutation);
  }

  private static void countStep(CodeBuilder code) {
    code.invokestatic(
        RunawayGuard.class.describeConstable().orElseThrow(),
        "step",
        MethodTypeDesc.of(ConstantDescs.CD_void));
  }

  // What to look for.

  private static Predicate<CodeElement> constant(long value) {
    return element ->
        element instanceof ConstantInstruction constant && constant.constantValue().equals(value);
  }

  private static Predicate<CodeElement> compare() {
    return operator(Opcode.LCMP);
  }

  private static Predicate<CodeElement> operator(Opcode opcode) {
    return element -> element instanceof OperatorInstruction found && found.opcode() == opcode;
  }

  private static Predicate<CodeElement> read(String field) {
    return field(Opcode.GETFIELD, field);
  }

  private static Predicate<CodeElement> write(String field) {
    return field(Opcode.PUTFIELD, field);
  }

  private static Predicate<CodeElement> field(Opcode opcode, String name) {
    return element ->
        element instanceof FieldInstruction field
            && field.opcode() == opcode
            && field.name().equalsString(name);
  }

  private static Predicate<CodeElement> call(String method) {
    return element -> element instanceof InvokeInstruction call && call.name().equalsString(method);
  }

  private static Predicate<CodeElement> first(Predicate<CodeElement> matches) {
    return nth(1, matches);
  }

  private static Predicate<CodeElement> second(Predicate<CodeElement> matches) {
    return nth(2, matches);
  }

  private static Predicate<CodeElement> nth(int number, Predicate<CodeElement> matches) {
    AtomicInteger seen = new AtomicInteger();
    return element -> matches.test(element) && seen.incrementAndGet() == number;
  }

  // What to put in its place.

  private static ClassTransform in(
      String method, Predicate<CodeElement> matches, Consumer<CodeBuilder> replacement) {
    return ClassTransform.transformingMethodBodies(
        found -> found.methodName().equalsString(method),
        (code, element) -> {
          if (matches.test(element)) {
            replacement.accept(code);
          } else {
            code.with(element);
          }
        });
  }

  private static Consumer<CodeBuilder> always(int comparison) {
    return code -> code.pop2().pop2().loadConstant(comparison);
  }

  private static Consumer<CodeBuilder> invoke(String method, String type) {
    return code -> code.invokevirtual(WHEEL, method, MethodTypeDesc.ofDescriptor(type));
  }

  private static void cascadeThePast(CodeBuilder code) {
    int budget = code.allocateLocal(TypeKind.INT);
    code.istore(budget).iconst_0().iload(budget);
    invoke("cascade", "(II)I").accept(code);
  }

  private static ClassTransform beforePolling(long shift) {
    return atStart("fireDue", code -> code.lload(1).loadConstant(shift).ladd().lstore(1));
  }

  static ClassTransform atStart(String method, Consumer<CodeBuilder> first) {
    CodeTransform insert =
        new CodeTransform() {
          @Override
          public void atStart(CodeBuilder code) {
            first.accept(code);
          }

          @Override
          public void accept(CodeBuilder code, CodeElement element) {
            code.with(element);
          }
        };
    return ClassTransform.transformingMethodBodies(
        found -> found.methodName().equalsString(method), insert);
  }

  private static ClassTransform appendAtHead() {
    String type = "(IIJ)V";
    return replaceMethod(
        "append",
        "appendAtTail",
        code -> {
          code.aload(0).loadConstant(SCRATCH).iload(2).lload(3);
          invoke("appendAtTail", type).accept(code);
          code.aload(0).iload(1).loadConstant(SCRATCH);
          invoke("spliceBefore", "(II)V").accept(code);
          code.return_();
        });
  }

  private static ClassTransform spliceBehind() {
    return replaceMethod(
        "spliceBefore",
        "spliceInFront",
        code -> {
          Label next = code.newBoundLabel();
          Label end = code.newLabel();
          code.aload(0).iload(2);
          invoke("head", "(I)I").accept(code);
          code.istore(3).iload(3).iflt(end).aload(0).iload(3);
          invoke("unlink", "(I)V").accept(code);
          code.aload(0).iload(1).iload(3).aload(0).getfield(WHEEL, "records", BUFFER);
          code.iload(3).loadConstant(TimerWheel.RECORD_BYTES).imul();
          code.invokevirtual(
              BUFFER, "getLong", MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_int));
          invoke("append", "(IIJ)V").accept(code);
          code.goto_(next).labelBinding(end).return_();
        });
  }

  private static ClassTransform replaceMethod(
      String name, String original, Consumer<CodeBuilder> body) {
    return (builder, element) -> {
      if (!(element instanceof MethodModel method) || !method.methodName().equalsString(name)) {
        builder.with(element);
        return;
      }
      int flags = method.flags().flagsMask();
      builder.withMethod(
          original, method.methodTypeSymbol(), flags, copy -> method.forEach(copy::with));
      builder.withMethodBody(name, method.methodTypeSymbol(), flags, body);
    };
  }
}
