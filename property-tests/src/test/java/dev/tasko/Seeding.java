package dev.tasko;

import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Puts defects into the bytecode of methods.
public final class Seeding {
  private Seeding() {}

  /// Replaces instructions.
  ///
  /// @param method where
  /// @param matches which
  /// @param replacement what to put in the place of each
  /// @return the defect
  public static ClassTransform in(
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

  /// Does something before the rest.
  ///
  /// @param method where
  /// @param first what to put there
  /// @return the defect
  public static ClassTransform atStart(String method, Consumer<CodeBuilder> first) {
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
}
