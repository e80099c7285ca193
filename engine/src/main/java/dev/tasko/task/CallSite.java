package dev.tasko.task;

import java.util.List;
import java.util.Set;

/// Where the user's code called the engine. Walks the stack: for error messages and strict mode.
public final class CallSite {
  private static final Set<String> OWN_PACKAGES =
      Set.of("dev.tasko", "dev.tasko.task", "dev.tasko.resource", "dev.tasko.wakeup");
  private static final StackWalker WALKER = StackWalker.getInstance();

  private CallSite() {}

  /// The innermost frame that is not the engine's.
  ///
  /// @return class, method, file and line
  public static String ofUser() {
    return WALKER.walk(frames ->
        frames
            .filter(frame -> !OWN_PACKAGES.contains(packageOf(frame.getClassName())))
            .findFirst()
            .map(StackWalker.StackFrame::toString)
            .orElse("an unknown place"));
  }

  /// The frames of a suspended body that are the user's: without the engine's and the VM's at both
  /// ends.
  ///
  /// @param stack innermost first
  /// @return a part of it, never null
  public static List<StackTraceElement> userFrames(StackTraceElement[] stack) {
    int first = 0;
    while (first < stack.length && !isUsers(stack[first])) {
      first++;
    }
    int end = stack.length;
    while (end > first && !isUsers(stack[end - 1])) {
      end--;
    }
    return List.of(stack).subList(first, end);
  }

  private static boolean isUsers(StackTraceElement frame) {
    String name = frame.getClassName();
    return !OWN_PACKAGES.contains(packageOf(name))
        && !name.startsWith("java.")
        && !name.startsWith("jdk.");
  }

  private static String packageOf(String className) {
    return className.substring(0, Math.max(className.lastIndexOf('.'), 0));
  }
}
