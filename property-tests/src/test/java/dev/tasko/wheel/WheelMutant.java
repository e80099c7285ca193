package dev.tasko.wheel;

import static dev.tasko.Seeding.atStart;
import static dev.tasko.Seeding.in;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.OperatorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Defects to seed into the real [TimerWheel] and the classes beside it, instruction by
/// instruction. A test that does not find these would not find their like.
///
/// Reading ahead has none: whatever it reads, it changes nothing that can be seen.
enum WheelMutant {
  // Handles and records.

  /// A record's next handle equals its last: ABA.
  GENERATION_NOT_BUMPED(in("reuse", constant(1L << 26), CodeBuilder::lconst_0)),
  /// The last generation is used again.
  LAST_GENERATION_NOT_RETIRED(in("reuse", call("isLast"), code -> code.pop2().iconst_0())),
  /// The same, of a record that is used again since the wheel was empty.
  GENERATION_NOT_BUMPED_AFRESH(in("takeUnused", constant(1L << 26), CodeBuilder::lconst_0)),
  LAST_GENERATION_USED_AFRESH(in("takeUnused", call("isLast"), code -> code.pop2().iconst_0())),
  GENERATION_OF_THE_SPARE_LOST(in("startAfresh", call("markFree"), code -> code.pop2().pop2())),
  GENERATION_OF_THE_YOUNGEST_LOST(in("dropYoungest", call("markFree"), code -> code.pop2().pop2())),
  /// Of a youngest that had the last.
  LAST_GENERATION_LOST(in("dropYoungest", call("isLast"), code -> code.pop2().iconst_0())),
  STACK_KEPT_AFRESH(in("startAfresh", write("free1"), dropWords(3))),
  SPARE_KEPT_AFRESH(in("startAfresh", write("spare"), dropWords(3))),
  RETIRED_COUNTED_TWICE(in("startAfresh", write("retired"), dropWords(2))),
  STARTED_AFRESH_ALTHOUGH_IN_USE(in("startAfresh", read("size"), code -> code.pop().iconst_0())),
  /// A cancelled timer's record is lost.
  RELEASE_SKIPPED(in("cancel", call("release"), CodeBuilder::pop2)),
  LOWER_FREE_RECORDS_LOST(in("pushFree", set("payload"), dropWords(4))),
  FREE_RECORD_LOST_BY_PUSH(in("pushFree", write("free3"), dropWords(3))),
  FREE_RECORD_LOST_BY_POP(in("popFree", write("free2"), dropWords(3))),
  SPARE_RECORD_LOST(in("reuse", write("spare"), dropWords(3))),
  SPARE_RECORD_USED_TWICE(in("schedule", write("spare"), dropWords(3))),
  CANCEL_OF_THE_FIRING_TIMER(in("cancel", read("firing"), WheelMutant::none)),
  /// A timer that arms itself again is released all the same.
  FIRING_KEPT_BY_POSTPONE(in("postpone", write("firing"), CodeBuilder::pop2)),

  // Times and slots.

  FIRES_ONE_NANOSECOND_EARLY(beforePolling(1)),
  FIRES_ONE_NANOSECOND_LATE(beforePolling(-1)),
  /// Times before the start sort after all others.
  SIGN_WRAP_IN_SLOT_OF(in("slotOf", constant(Long.MIN_VALUE), CodeBuilder::lconst_0)),
  /// Equal deadlines fire last in, first out.
  APPENDED_AT_THE_HEAD(appendAtHead()),
  LEAST_DEADLINE_NOT_UPDATED(in("noteIn", call("min"), CodeBuilder::pop2)),
  /// The least deadline of timers long gone holds for the next that comes into the slot.
  LEAST_DEADLINE_OF_AN_EMPTY_SLOT_KEPT(in("noteIn", set("deadline"), WheelMutant::setIfLess)),

  // The bitmap.

  USED_SLOT_NOT_MARKED(in("noteIn", call("markUsed"), CodeBuilder::pop2)),
  /// A slot is dropped, but what comes into it next does not see that.
  DROPPED_SLOT_LOOKS_USED(in("drop", set("deadline"), dropWords(4))),
  EMPTIED_SLOT_FIRED_FROM(in("firstSlotFrom", call("isEmpty"), code -> code.pop2().iconst_0())),
  SLOT_DROPPED_ALTHOUGH_USED(in("firstSlotFrom", call("isEmpty"), code -> code.pop2().iconst_1())),
  /// A slot is dropped, and with it its neighbours.
  WORD_DROPPED_ALTHOUGH_USED(
      in("remove", operator(Opcode.LXOR), code -> code.pop2().pop2().lconst_1())),
  WORD_KEPT_ALTHOUGH_EMPTY(
      in("remove", operator(Opcode.LXOR), code -> code.pop2().pop2().lconst_0())),

  // The youngest.

  YOUNGEST_FORGOTTEN_BY_POLL(in("pollDue", first(call("placeYoungest")), CodeBuilder::pop)),
  YOUNGEST_FORGOTTEN_BY_THE_NEXT(in("schedule", call("placeYoungest"), CodeBuilder::pop)),
  /// Of two timers with one deadline the one armed later fires first.
  YOUNGEST_OVERTAKEN_BY_A_POSTPONED(in("postpone", call("placeYoungest"), CodeBuilder::pop)),
  /// The same, of one postponed where it lay.
  YOUNGEST_NUMBERED_LATE(
      in(
          "placeYoungest",
          read("youngestNumber"),
          code -> code.getfield(wheel(), "number", ConstantDescs.CD_long))),
  YOUNGEST_FORGOTTEN_BY_CLEAR(in("clear", call("placeYoungest"), CodeBuilder::pop)),
  YOUNGEST_NOT_AWAITED(in("earliestFrom", call("min"), CodeBuilder::pop2)),
  YOUNGEST_NOT_FOUND_BY_CANCEL(in("cancel", call("isYoungest"), WheelMutant::no)),
  YOUNGEST_NOT_FOUND_BY_POSTPONE(in("postpone", call("isYoungest"), WheelMutant::no)),
  YOUNGEST_NOT_FOUND_BY_IS_ARMED(in("isArmed", call("isYoungest"), WheelMutant::no)),
  /// The handle of no timer cancels one.
  YOUNGEST_FOUND_ALTHOUGH_NONE(in("isYoungest", first(compare()), always(1))),
  YOUNGEST_RECORD_USED_TWICE(in("placeYoungest", call("claimYoungest"), CodeBuilder::pop)),
  YOUNGEST_RECORD_FREED_TWICE(in("dropYoungest", call("claimYoungest"), CodeBuilder::pop)),
  YOUNGEST_RECORD_BURIED(in("reuse", call("claimYoungest"), CodeBuilder::pop)),

  // The next deadline.

  EARLIEST_NOT_LOWERED(in("noteArmed", write("earliest"), dropWords(3))),
  /// A wheel that was emptied wakes for what was in it.
  EARLIEST_KEPT_BY_CANCEL(in("noteDisarmed", write("earliest"), dropWords(3))),
  /// A wake is never set right.
  EARLIEST_KEPT_BY_POLL(in("fireDue", write("earliest"), dropWords(3))),
  /// A handler that asks does not hear of what it has just armed.
  DEFERRED_NOT_AWAITED(in("findEarliest", call("min"), CodeBuilder::pop2)),
  /// What was armed for the poll's time is not due after it.
  DEFERRED_FORGOTTEN_BY_POLL(in("placeDeferred", write("earliest"), dropWords(3))),

  // Timers armed during a poll.

  /// A timer armed during a poll for its time fires in it.
  DEFERRAL_DROPPED(in("placeSlowly", read("polling"), code -> code.pop().iconst_0())),
  /// A timer armed during a poll for its time never fires.
  DEFERRED_NOT_PLACED(in("pollDue", call("placeDeferred"), CodeBuilder::pop)),

  // Firing in place.

  /// Of equal deadlines the last fires first.
  LAST_OF_FEW_FIRED(in("searchFew", compare(), code -> code.lcmp().iconst_1().isub())),
  /// A cancelled timer wakes the loop for ever.
  LEAST_OF_FEW_NOT_NOTED(in("searchFew", set("deadline"), dropWords(4))),
  /// The earliest of a crowd's first few fires.
  CROWD_SEARCHED_IN_PART(in("searchFew", first(constant(-1)), code -> code.iload(2))),
  /// The last timers of a half-emptied slot fire before those already moved below it.
  OPEN_SLOT_FIRED_FROM(in("earliestOf", read("openSlot"), WheelMutant::none)),
  /// The same of a half-emptied past.
  REST_OF_PAST_FIRED_FROM(in("earliestOfPast", compare(), always(-1))),
  /// What was already moved out of the past waits for what is left in it.
  REST_OF_PAST_AWAITED(in("earliestOfPast", set("deadline"), dropWords(4))),

  // Opening a slot.

  /// Opening a slot moves the cursor past its least deadline.
  CURSOR_TOO_FAR(
      in(
          "open",
          call("moveCursor"),
          code -> {
            code.lconst_1().ladd();
            invoke("moveCursor", "(J)V").accept(code);
          })),
  /// What was moved is still the head of the list it came from.
  MOVED_HEAD_KEPT(in("cascade", set("next"), dropWords(3))),
  /// The same, seen from the timer behind it.
  MOVED_HEAD_LINKED_BACK(in("cascade", set("prev"), dropWords(3))),
  /// What is left in a half-emptied slot waits for the timers below it.
  HALF_EMPTIED_SLOT_PASSED_OVER(in("firstSlot", read("openSlot"), WheelMutant::none)),
  EMPTIED_SLOT_NOT_CLOSED(in("cascade", call("closeEmptied"), CodeBuilder::pop2)),
  SLOT_EMPTIED_BY_CANCEL_NOT_CLOSED(in("unlink", call("closeEmptied"), CodeBuilder::pop2)),
  /// A timer armed into a half-emptied slot's range overtakes those in it.
  OPEN_RANGE_IGNORED(in("placeSlowly", read("openSlot"), WheelMutant::none)),
  /// The same, but only for the last nanosecond of the range.
  OPEN_RANGE_ENDS_EARLY(
      in(
          "placeSlowly",
          read("openThrough"),
          code -> code.getfield(wheel(), "openThrough", ConstantDescs.CD_long).lconst_1().lsub())),
  SLOW_PATH_IGNORED(in("place", compare(), always(1))),
  SLOW_PATH_NOT_FOUND(in("open", call("updateSlowThrough"), CodeBuilder::pop)),

  // Rewinding.

  /// The past is emptied as if it were ahead.
  REWIND_SKIPPED(in("thinOut", call("rewind"), WheelMutant::cascadeThePast)),
  /// A timer armed into the range of a half-emptied past overtakes those in it.
  PAST_RANGE_CUT_AT_REWIND(in("rewind", call("setCursor"), invoke("moveCursor", "(J)V"))),
  SPLICED_LIST_NOT_REMOVED(in("splice", call("makeEmpty"), CodeBuilder::pop2)),
  SPLICED_LEAST_DEADLINE_TAKEN(in("splice", call("min"), CodeBuilder::pop2)),
  /// Rewinding puts older timers behind younger ones.
  SPLICED_BEHIND(spliceBehind()),
  /// What a rewind left open when it was given up is forgotten by the next, shorter one. Was real.
  GIVEN_UP_REWIND_FORGOTTEN(in("rewind", first(call("level")), code -> code.pop().iconst_0())),
  /// The same, when the rest of an earlier past is emptied next. Was real.
  REST_OF_PAST_OVERTAKES_OPEN_SLOT(in("thinOut", read("openSlot"), WheelMutant::none)),
  /// A half-emptied slot is forgotten until the rewind reaches it. Was real.
  HALF_OPEN_SLOT_NOT_SPLICED_FIRST(in("rewind", call("splice"), dropWords(4))),

  // Looking ahead.

  /// The next window's timers fire in the order of their slots, not behind this one's.
  NEXT_WINDOW_NOT_BEHIND(in("setCursor", call("putBehind"), dropWords(4))),
  /// What is in the first slot of a window belongs below it once the cursor is there.
  ENTERED_BY_ITS_FIRST_SLOT(in("mayBePassed", read("nextWindow"), WheelMutant::none)),
  /// The cursor passes timers.
  ENTERED_BEFORE_ALL_HAVE_GONE(
      in("mayBePassed", call("isInWindow"), code -> code.pop2().iconst_0())),
  ENTERED_FROM_AN_OPEN_SLOT(in("prepareNextWindow", read("openSlot"), WheelMutant::none)),
  /// The cursor passes the present.
  ENTERED_TOO_SOON(in("isWindowOver", compare(), always(1))),
  REACH_NOT_EXTENDED(in("moveCursor", call("lookAhead"), CodeBuilder::pop)),
  /// Two windows share a slot.
  REACH_BEYOND_A_FAR_SLOT(in("lookAhead", nth(1, read("openSlot")), WheelMutant::none)),
  REACH_NOT_EXTENDED_BY_CLOSE(in("closeEmptied", call("lookAhead"), CodeBuilder::pop)),
  /// A slot is emptied into itself.
  REACH_NOT_EXTENDED_BY_CASCADE(in("cascade", call("lookAhead"), CodeBuilder::pop)),
  /// Timers above level 3 wait for those within reach.
  ARRIVING_NOT_NOTED(in("lookAhead", write("arriving"), dropWords(2))),
  ARRIVING_ALTHOUGH_OPEN(in("lookAhead", nth(2, read("openSlot")), WheelMutant::none)),
  ARRIVING_PASSED_OVER(in("firstSlot", read("arriving"), WheelMutant::none)),
  ARRIVING_FIRED_FROM(in("earliestOf", read("arriving"), WheelMutant::none)),
  /// What has arrived waits for what has not.
  ARRIVED_NOT_AWAITED(in("firstIsArriving", set("deadline"), dropWords(4))),
  /// Older timers come behind younger ones.
  ARRIVED_BEHIND(in("emptyArriving", call("prepend"), invoke("append", "(IIJ)V"))),
  MARK_LOST_BY_ARRIVAL(in("emptyArriving", call("add"), CodeBuilder::pop2)),
  ARRIVING_NOT_CLOSED(in("emptyArriving", write("arriving"), dropWords(2))),
  ARRIVING_EMPTIED_BY_CANCEL_NOT_CLOSED(in("closeEmptied", write("arriving"), dropWords(2))),
  ARRIVING_LEFT_BEHIND_BY_REWIND(in("rewind", first(read("arriving")), WheelMutant::none)),
  REACH_KEPT_BY_REWIND(in("rewind", call("withdrawReach"), code -> code.pop().pop2().pop())),
  REACH_OF_A_GIVEN_UP_REWIND_KEPT(in("rewind", call("lookAhead"), CodeBuilder::pop)),
  NEXT_WINDOW_LEFT_IN_REACH(in("withdrawReach", nth(1, call("spliceRange")), dropWords(5))),
  FAR_SLOTS_KEPT_BY_REWIND(in("withdrawReach", nth(2, call("spliceRange")), dropWords(5))),
  /// What is left of a half-open slot goes among those already moved out of it.
  HALF_OPEN_SLOT_WITHDRAWN(
      in(
          "rewind",
          call("withdrawReach"),
          code -> {
            code.pop().iconst_m1();
            invoke("withdrawReach", "(JI)V").accept(code);
          })),

  // Postponing a timer where it lies.

  /// A timer is found too late where it lies.
  STAYS_FOR_AN_EARLIER_DEADLINE(in("mayStay", nth(1, compare()), always(1))),
  /// It is no longer where its number says.
  STAYS_AMONG_EQUALS_BEING_SORTED(in("mayStay", nth(2, compare()), always(1))),
  /// A timer before the poll's time stays, and fires in the poll that it was postponed in.
  STAYS_IN_WHAT_IS_HALF_DONE(in("mayStay", nth(3, compare()), always(1))),
  STAYS_WITHOUT_A_NUMBER(in("mayStay", nth(4, compare()), always(-1))),
  /// It fires before its turn, in the place of a slot.
  FIRED_WHERE_IT_STAYED(in("searchFew", call("isInPlace"), code -> code.pop2().pop2().iconst_1())),
  POSTPONED_NOT_COUNTED(in("postponeInPlace", write("postponed"), dropWords(2))),
  POSTPONED_STILL_COUNTED(in("fire", write("postponed"), dropWords(2))),

  // Ties.

  NUMBER_NOT_RAISED_BY_POSTPONE(in("postponeInPlace", call("raiseNumber"), CodeBuilder::pop)),
  NUMBER_NOT_RAISED_BY_ARM(in("noteArmed", call("raiseNumber"), CodeBuilder::pop)),
  /// Two with one deadline fire in the order of their list.
  TIE_SETTLED_BY_THE_LIST(in("isOlder", compare(), always(1))),
  /// So does a crowd.
  MIXED_LIST_FIRED_FROM(in("precedesEquals", call("contains"), code -> code.pop2().iconst_0())),
  POSTPONED_HEAD_FIRED(in("precedesEquals", call("postponed"), code -> code.pop2().iconst_0())),
  MARK_LOST_BY_CASCADE(in("cascade", call("add"), CodeBuilder::pop2)),
  MARK_LOST_BY_SPLICE(in("splice", call("add"), CodeBuilder::pop2)),
  /// A crowd of equal deadlines is moved into its own slot for ever.
  EQUALS_NOT_SORTED(in("slotBelow", compare(), always(1))),
  EQUALS_SORTED_BY_LOW_DIGITS(
      in("slotOfNumber", call("highestBit"), code -> code.pop2().iconst_0())),
  /// A timer armed for the deadline of a crowd that is being sorted overtakes some of it.
  SORTED_SLOT_TAKES_THE_NEXT(in("lastOfRange", constant(1L), CodeBuilder::lconst_0)),
  EQUALS_NOT_GATHERED_BY_REWIND(in("rewind", call("gatherEquals"), CodeBuilder::pop)),

  // Numbers that run out.

  NUMBERS_RESTARTED_TOO_SOON(
      in("restartNumbers", read("postponed"), code -> code.pop().iconst_0())),
  NUMBERS_RESTARTED_WHILE_SORTING(
      in("restartNumbers", call("isOpening"), code -> code.pop().iconst_0())),
  OLD_NUMBERS_KEPT(in("restartNumbers", call("number"), dropWords(4))),
  OLD_NUMBERS_MIXED_WITH_NEW(in("restartNumbers", nth(2, write("numberLimit")), dropWords(3)));

  private static final ClassDesc WHEEL = wheel();
  private static final ClassDesc NODES = Nodes.class.describeConstable().orElseThrow();
  private static final MethodTypeDesc GET = MethodTypeDesc.ofDescriptor("(I)J");

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

  /// @param beside a class of the wheel's package
  byte[] mutate(byte[] beside) {
    return transform(guard(beside), mutation);
  }

  /// The class as it is, but for the [RunawayGuard].
  static byte[] guard(byte[] beside) {
    return transform(beside, atStart("next", WheelMutant::countStep));
  }

  private static byte[] transform(byte[] beside, ClassTransform transform) {
    ClassFile classFile = ClassFile.of();
    return classFile.transformClass(classFile.parse(beside), transform);
  }

  private static void countStep(CodeBuilder code) {
    code.invokestatic(
        RunawayGuard.class.describeConstable().orElseThrow(),
        "step",
        MethodTypeDesc.of(ConstantDescs.CD_void));
  }

  // What to look for.

  private static Predicate<CodeElement> constant(ConstantDesc value) {
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

  /// A call that returns nothing, where others of the name return something.
  private static Predicate<CodeElement> set(String method) {
    return call(method)
        .and(element ->
            element instanceof InvokeInstruction call
                && call.typeSymbol().returnType().equals(ConstantDescs.CD_void));
  }

  private static Predicate<CodeElement> first(Predicate<CodeElement> matches) {
    return nth(1, matches);
  }

  private static Predicate<CodeElement> nth(int number, Predicate<CodeElement> matches) {
    AtomicInteger seen = new AtomicInteger();
    return element -> matches.test(element) && seen.incrementAndGet() == number;
  }

  // What to put in its place.

  private static Consumer<CodeBuilder> always(int comparison) {
    return code -> code.pop2().pop2().loadConstant(comparison);
  }

  /// In place of a field that names a record or a slot: a value that none has.
  private static void none(CodeBuilder code) {
    code.pop().iconst_m1();
  }

  /// In place of a question about a handle.
  private static void no(CodeBuilder code) {
    code.pop2().pop().iconst_0();
  }

  private static Consumer<CodeBuilder> dropWords(int words) {
    return code -> {
      for (int pair = words / 2; pair > 0; pair--) {
        code.pop2();
      }
      if (words % 2 != 0) {
        code.pop();
      }
    };
  }

  private static Consumer<CodeBuilder> invoke(String method, String type) {
    return code -> code.invokevirtual(WHEEL, method, MethodTypeDesc.ofDescriptor(type));
  }

  private static void setIfLess(CodeBuilder code) {
    int value = code.allocateLocal(TypeKind.LONG);
    code.lstore(value).dup2().invokevirtual(NODES, "deadline", GET).lload(value);
    code.invokestatic(
        Math.class.describeConstable().orElseThrow(), "min", MethodTypeDesc.ofDescriptor("(JJ)J"));
    code.invokevirtual(NODES, "deadline", MethodTypeDesc.ofDescriptor("(IJ)V"));
  }

  private static void cascadeThePast(CodeBuilder code) {
    int budget = code.allocateLocal(TypeKind.INT);
    code.istore(budget).iconst_0().iload(budget);
    invoke("cascade", "(II)I").accept(code);
  }

  private static ClassTransform beforePolling(long shift) {
    return atStart("fireDue", code -> code.lload(1).loadConstant(shift).ladd().lstore(1));
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
          code.aload(0).getfield(WHEEL, "nodes", NODES).iload(2);
          code.invokevirtual(NODES, "next", MethodTypeDesc.ofDescriptor("(I)I"));
          code.istore(3).iload(3).iload(2).if_icmpeq(end).aload(0).iload(3);
          invoke("unlink", "(I)V").accept(code);
          code.aload(0).iload(1).iload(3).aload(0).getfield(WHEEL, "nodes", NODES);
          code.iload(3).invokevirtual(NODES, "deadline", GET);
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
