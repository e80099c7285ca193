package dev.tasko;

import static dev.tasko.Seeding.atStart;
import static dev.tasko.Seeding.in;

import dev.tasko.resource.ManagedResource;
import dev.tasko.task.TaskRecords;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.function.Predicate;

/// Defects to seed into what ends tasks early.
enum CancellationMutant {
  /// A waiter that is cancelled stays in the resource's queue.
  WAITER_STAYS_IN_THE_QUEUE(
      ManagedResource.class, in("withdraw", call("remove"), code -> code.pop2().iconst_0())),
  /// A waiter that is unwound after it was granted does not pass the resource on.
  GRANT_NOT_PASSED_ON(ManagedResource.class, in("withdraw", call("passOn"), CodeBuilder::pop)),
  /// The exception wins over a grant that came after the cancellation.
  GRANT_AFTER_THE_CANCEL_IGNORED(
      TaskRunner.class, in("switchOut", call("takeGranted"), code -> code.pop2().iconst_0())),
  LIMIT_NOT_DISARMED(Scopes.class, in("giveBack", call("disarmLimit"), code -> code.pop2().pop())),
  SHIELD_DOES_NOT_HOLD(Scopes.class, in("openShield", write("shield"), CodeBuilder::pop2)),
  GROUP_DOES_NOT_SHIELD(Scopes.class, in("shieldBy", write("shield"), CodeBuilder::pop2)),
  /// What ends a task or a block is thrown after the block too, and what a shield held off never.
  FLAG_OF_THE_SCOPE_KEPT(Scopes.class, in("close", call("update"), CodeBuilder::pop2)),
  CANCEL_DELIVERED_ONCE(Scopes.class, atStart("reason", CancellationMutant::clearUnwinding)),
  /// A sleeper that is cancelled sleeps on.
  SLEEPER_NOT_WOKEN(Scopes.class, in("wake", call("makeReady"), CodeBuilder::pop2)),
  /// A task that is cancelled while it joins another is resumed at its end all the same.
  JOINER_STAYS_IN_THE_QUEUE(
      TaskRunner.class, in("awaitEnd", call("remove"), code -> code.pop2().iconst_0())),
  /// A child may join the owner of its group, which waits for it.
  CIRCLE_THROUGH_A_GROUP_NOT_SEEN(
      TaskRunner.class, in("chain", read("group"), code -> code.pop().aconst_null())),
  /// A group does not wait for its children when its owner leaves it.
  CHILDREN_NOT_AWAITED(TaskGroup.class, in("close", call("awaitChildren"), CodeBuilder::pop));

  private final String className;

  @SuppressWarnings("ImmutableEnumChecker") // a function of its argument
  private final ClassTransform mutation;

  CancellationMutant(Class<?> mutated, ClassTransform mutation) {
    className = mutated.getName();
    this.mutation = mutation;
  }

  String className() {
    return className;
  }

  byte[] mutate(byte[] original) {
    ClassFile classFile = ClassFile.of();
    return classFile.transformClass(classFile.parse(original), mutation);
  }

  private static Predicate<CodeElement> call(String method) {
    return element -> element instanceof InvokeInstruction call && call.name().equalsString(method);
  }

  private static Predicate<CodeElement> write(String name) {
    return element ->
        element instanceof FieldInstruction field
            && field.opcode() == Opcode.PUTFIELD
            && field.name().equalsString(name);
  }

  private static Predicate<CodeElement> read(String name) {
    return element ->
        element instanceof FieldInstruction field
            && field.opcode() == Opcode.GETFIELD
            && field.name().equalsString(name);
  }

  /// Its second argument is the task.
  private static void clearUnwinding(CodeBuilder code) {
    ClassDesc records = ClassDesc.of(TaskRecords.class.getName());
    code.aload(0).getfield(ClassDesc.of(Scopes.class.getName()), "records", records);
    code.iload(2).loadConstant(TaskRecords.UNWINDING);
    code.invokevirtual(records, "clear", MethodTypeDesc.ofDescriptor("(II)V"));
  }
}
