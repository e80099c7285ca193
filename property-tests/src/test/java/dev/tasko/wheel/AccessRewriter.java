package dev.tasko.wheel;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.tasko.Seeding;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Rewrites classes so that their memory accesses are counted: each array instruction and each call
/// that reads or writes memory becomes a call of the method of [CountedMemory] with its name and
/// operands.
///
/// **Nothing escapes.** A class may call its fellows, which are rewritten too, what stands in
/// [CountedMemory], and what is listed here as touching none of the timers' memory. Any other call,
/// method reference, array type, superclass or foreign field is refused, and so is a field by which
/// objects could be linked.
///
/// **Not counted:** the fields and lengths of the few objects and arrays that make up a wheel. They
/// do not grow with its timers and every operation uses them.
final class AccessRewriter {
  /// The method of [TimerWheel] that puts a timer into a slot, and its parameter that names the
  /// timer.
  private static final String MOVER = "append";

  private static final String MOVED = "record";

  private static final ClassDesc COUNTED_MEMORY = describe(CountedMemory.class);

  /// Whose methods [CountedMemory] stands in for.
  private static final Set<String> MEMORY =
      Set.of(
          "org.agrona.concurrent.UnsafeBuffer",
          "org.agrona.UnsafeApi",
          "java.util.Arrays",
          "java.lang.System");

  private static final Set<String> HARMLESS_METHODS =
      Set.of(
          "org.agrona.concurrent.UnsafeBuffer.<init>",
          "org.agrona.concurrent.UnsafeBuffer.addressOffset",
          "org.agrona.concurrent.UnsafeBuffer.capacity");

  /// Beside `java.lang`. [Digits] reads memory, but tables of constants: a few lines that every
  /// operation uses, whatever the wheel holds, and nothing writes to after they are made.
  private static final Set<String> HARMLESS_CLASSES =
      Set.of(
          "dev.tasko.wheel.Digits",
          "dev.tasko.wheel.MissingFlagException",
          "dev.tasko.wheel.TimerHandler",
          "java.lang.invoke.LambdaMetafactory",
          "java.lang.invoke.StringConcatFactory",
          "java.util.concurrent.ThreadLocalRandom",
          "org.agrona.BufferUtil");

  /// By name and descriptor.
  static final Set<String> STAND_INS =
      Arrays.stream(CountedMemory.class.getDeclaredMethods())
          .filter(method -> !Modifier.isPrivate(method.getModifiers()))
          .map(method ->
              method.getName()
                  + MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                      .descriptorString())
          .collect(Collectors.toUnmodifiableSet());

  private final Predicate<String> rewritten;

  /// @param rewritten whether the class of that name is rewritten
  AccessRewriter(Predicate<String> rewritten) {
    this.rewritten = rewritten;
  }

  /// A rewriter of the wheel and of all classes of the product beside it.
  static AccessRewriter ofTheWheel() {
    return new AccessRewriter(
        name -> MutantLoader.isBesideTheWheel(name) && !HARMLESS_CLASSES.contains(name));
  }

  /// Loads harness and wheel anew, the wheel rewritten.
  MutantLoader loader(ClassTransform defect) {
    return new MutantLoader(rewritten, bytes -> rewrite(transform(bytes, defect)));
  }

  byte[] rewrite(byte[] bytes) {
    ClassModel model = ClassFile.of().parse(bytes);
    checkDeclarations(model);
    byte[] counted = transform(bytes, ClassTransform.transformingMethodBodies(this::rewrite));
    return model.thisClass().asSymbol().equals(describe(TimerWheel.class))
        ? transform(counted, countMoves(model))
        : counted;
  }

  private static byte[] transform(byte[] bytes, ClassTransform transform) {
    ClassFile classFile = ClassFile.of();
    return classFile.transformClass(classFile.parse(bytes), transform);
  }

  private void checkDeclarations(ClassModel model) {
    model.superclass().ifPresent(type -> check(isKnown(type.asSymbol()), "superclass", type));
    for (FieldModel field : model.fields()) {
      ClassDesc type = field.fieldTypeSymbol();
      boolean linking = type.isClassOrInterface() && !HARMLESS_CLASSES.contains(name(type));
      check(!linking || field.flags().has(AccessFlag.FINAL), "field that may link", field);
    }
  }

  private void rewrite(CodeBuilder code, CodeElement element) {
    switch (element) {
      case ArrayLoadInstruction load -> {
        ClassDesc type = load.typeKind().upperBound();
        standIn(code, load.opcode(), MethodTypeDesc.of(type, type.arrayType(), CD_int));
      }
      case ArrayStoreInstruction store -> {
        ClassDesc type = store.typeKind().upperBound();
        standIn(code, store.opcode(), MethodTypeDesc.of(CD_void, type.arrayType(), CD_int, type));
      }
      case InvokeInstruction call -> rewriteCall(code, call);
      case InvokeDynamicInstruction call -> {
        checkHandle(call.bootstrapMethod());
        call.bootstrapArgs().forEach(this::checkHandle);
        code.with(call);
      }
      case FieldInstruction field -> {
        check(isKnown(field.owner().asSymbol()), "field", field);
        code.with(field);
      }
      default -> code.with(element);
    }
  }

  private static void standIn(CodeBuilder code, Opcode opcode, MethodTypeDesc type) {
    String name = opcode.name().toLowerCase(Locale.ROOT);
    check(STAND_INS.contains(signature(name, type)), "array access", opcode);
    code.invokestatic(COUNTED_MEMORY, name, type);
  }

  private void rewriteCall(CodeBuilder code, InvokeInstruction call) {
    ClassDesc owner = call.owner().asSymbol();
    String name = call.name().stringValue();
    boolean isStatic = call.opcode() == Opcode.INVOKESTATIC;
    MethodTypeDesc type =
        isStatic ? call.typeSymbol() : call.typeSymbol().insertParameterTypes(0, owner);
    if (MEMORY.contains(name(owner)) && STAND_INS.contains(signature(name, type))) {
      code.invokestatic(COUNTED_MEMORY, name, type);
    } else {
      check(isKnown(owner, name), "call", call);
      code.with(call);
    }
  }

  private void checkHandle(ConstantDesc constant) {
    if (constant instanceof DirectMethodHandleDesc handle) {
      check(isKnown(handle.owner(), handle.methodName()), "method handle", handle);
    }
  }

  private boolean isKnown(ClassDesc owner, String method) {
    return isKnown(owner) || HARMLESS_METHODS.contains(name(owner) + "." + method);
  }

  private boolean isKnown(ClassDesc type) {
    String name = name(type);
    return !MEMORY.contains(name)
        && (type.packageName().equals("java.lang")
            || HARMLESS_CLASSES.contains(name)
            || rewritten.test(name));
  }

  private static ClassTransform countMoves(ClassModel wheel) {
    List<MethodModel> movers =
        wheel.methods().stream().filter(m -> m.methodName().equalsString(MOVER)).toList();
    check(movers.size() == 1, "moving methods", movers);
    List<String> parameters =
        movers.getFirst().findAttribute(Attributes.methodParameters()).stream()
            .flatMap(attribute -> attribute.parameters().stream())
            .map(parameter -> parameter.name().orElseThrow().stringValue())
            .toList();
    int moved = parameters.indexOf(MOVED);
    check(moved >= 0, "parameters of " + MOVER, parameters);
    return Seeding.atStart(
        MOVER,
        code ->
            code.iload(code.parameterSlot(moved))
                .invokestatic(
                    describe(CacheLines.class), "moved", MethodTypeDesc.of(CD_void, CD_int)));
  }

  private static ClassDesc describe(Class<?> type) {
    return type.describeConstable().orElseThrow();
  }

  private static String name(ClassDesc type) {
    String descriptor = type.descriptorString();
    return type.isClassOrInterface()
        ? descriptor.substring(1, descriptor.length() - 1).replace('/', '.')
        : descriptor;
  }

  private static String signature(String name, MethodTypeDesc type) {
    return name + type.descriptorString();
  }

  private static void check(boolean holds, String what, Object found) {
    if (!holds) {
      throw new IllegalArgumentException(
          what + ": " + found + " (expected: one whose lines are known)");
    }
  }
}
