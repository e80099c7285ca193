package dev.tasko.task;

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

  private static String packageOf(String className) {
    return className.substring(0, Math.max(className.lastIndexOf('.'), 0));
  }
}
