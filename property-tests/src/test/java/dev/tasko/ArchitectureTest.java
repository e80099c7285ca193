package dev.tasko;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Packages flow one way, and what the engine must not touch it does not. Each rule is also shown
/// classes that break it, in a package tree of their own.
class ArchitectureTest {
  private static final String ROOT = "dev.tasko";
  private static final String SEEDED = "dev.tasko.seeded";
  private static final JavaClasses PRODUCT =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);
  private static final JavaClasses BAD = new ClassFileImporter().importPackages(SEEDED);

  /// A rule for the classes below a root package.
  enum Rule {
    WHEEL_STANDS_ALONE {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, ".wheel");
      }
    },
    TASK_STANDS_ALONE {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, ".task");
      }
    },
    WAKEUP_USES_TASK {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, ".wakeup", ".task");
      }
    },
    LOOP_USES_WHAT_IS_BELOW {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, "", ".wheel", ".task", ".wakeup");
      }
    },
    RESOURCE_USES_LOOP_AND_TASK {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, ".resource", "", ".task");
      }
    },
    SAFETY_USES_LOOP_AND_TASK {
      @Override
      ArchRule below(String root) {
        return onlyUses(root, ".safety", "", ".task");
      }
    },
    ENGINE_KNOWS_NO_HARDWARE {
      @Override
      ArchRule below(String root) {
        return noClasses()
            .that()
            .resideInAnyPackage(engine(root))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(root + ".hal..");
      }
    },
    TIME_IS_INJECTED {
      @Override
      ArchRule below(String root) {
        return noClasses()
            .that()
            .resideInAnyPackage(engine(root))
            .should()
            .callMethod(System.class, "nanoTime");
      }
    },
    NO_LOCKS {
      @Override
      ArchRule below(String root) {
        return noClasses()
            .that()
            .resideInAnyPackage(engine(root))
            .should()
            .dependOnClassesThat()
            .areAssignableTo(Lock.class);
      }
    },
    NO_SYNCHRONIZED_METHODS {
      @Override
      ArchRule below(String root) {
        return noMethods()
            .that()
            .areDeclaredInClassesThat(resideInAnyPackage(engine(root)))
            .should()
            .haveModifier(JavaModifier.SYNCHRONIZED);
      }
    },
    WHEEL_KNOWS_NO_THREADS {
      @Override
      ArchRule below(String root) {
        return noClasses()
            .that()
            .resideInAPackage(root + ".wheel")
            .should()
            .dependOnClassesThat(
                resideInAPackage("java.util.concurrent..")
                    .and(not(equivalentTo(ThreadLocalRandom.class))));
      }
    },
    FOREIGN_MEMORY_IN_LINUX_ONLY {
      @Override
      ArchRule below(String root) {
        return noClasses()
            .that()
            .resideInAPackage(root + "..")
            .and()
            .resideOutsideOfPackage("..linux..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");
      }
    };

    abstract ArchRule below(String root);

    private static String[] engine(String root) {
      return new String[] {
        root,
        root + ".wheel",
        root + ".task",
        root + ".wakeup",
        root + ".resource",
        root + ".safety"
      };
    }

    private static ArchRule onlyUses(String root, String own, String... others) {
      String[] allowed =
          Stream.concat(Stream.of(own), Stream.of(others))
              .map(name -> root + name)
              .toArray(String[]::new);
      return noClasses()
          .that()
          .resideInAPackage(root + own)
          .should()
          .dependOnClassesThat(resideInAPackage(root + "..").and(not(resideInAnyPackage(allowed))));
    }
  }

  @Test
  void classes_areSeen() {
    assertTrue(PRODUCT.contain(Loop.class));
    assertTrue(PRODUCT.contain(dev.tasko.wheel.TimerWheel.class));
    assertFalse(PRODUCT.contain(ArchitectureTest.class));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void product_keepsTheRule(Rule rule) {
    rule.below(ROOT).check(PRODUCT);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void seeded_violationIsCaught(Rule rule) {
    assertTrue(rule.below(SEEDED).evaluate(BAD).hasViolation(), rule.name());
  }

  static Stream<Rule> rules() {
    return Stream.of(Rule.values());
  }
}
