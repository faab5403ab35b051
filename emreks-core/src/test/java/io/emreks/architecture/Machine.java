package io.emreks.architecture;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import java.time.Clock;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;

/** What code takes from the machine it runs on, and cannot be given: its time, its randomness, its shared threads. */
final class Machine {
    private static final Pattern CALLS = Pattern.compile("java\\.("
            + String.join(
                    "|",
                    "time\\.Clock\\.(system.*|tick[A-Z].*)",
                    "lang\\.System\\.(nanoTime|currentTimeMillis)",
                    "lang\\.Thread\\.sleep",
                    "lang\\.(Strict)?Math\\.random",
                    "util\\.(Random|SplittableRandom|Date|Timer)\\.<init>",
                    "util\\.Calendar\\.getInstance",
                    "util\\.UUID\\.randomUUID",
                    "util\\.random\\.RandomGenerator(Factory)?\\.(of|getDefault|create)",
                    "util\\.concurrent\\.TimeUnit\\.sleep",
                    "util\\.concurrent\\.ThreadLocalRandom\\.current",
                    "util\\.concurrent\\.ForkJoinPool\\.commonPool",
                    "util\\.concurrent\\.locks\\.LockSupport\\.park(Nanos|Until)",
                    "util\\.stream\\..*\\.parallel",
                    "util\\..*\\.parallelStream",
                    "security\\.SecureRandom\\.(<init>|getInstance.*)")
            + ")");
    private static final Pattern TIMEOUTS = Pattern.compile("orTimeout|completeOnTimeout|delayedExecutor");

    private Machine() {}

    /** Whether an access takes time, randomness or threads from the machine. */
    static boolean gives(JavaAccess<?> access) {
        if (!(access.getTarget() instanceof CodeUnitAccessTarget target)) {
            return false;
        }
        return CALLS.matcher(target.getOwner().getName() + "." + target.getName())
                        .matches()
                || isNow(target)
                || isUnscheduled(target);
    }

    private static boolean isNow(CodeUnitAccessTarget target) {
        return target.getOwner().getPackageName().equals("java.time")
                && target.getName().equals("now")
                && !takes(target, Clock.class);
    }

    /** Steps of futures on the common pool, and timeouts on the JDK's own timer. */
    private static boolean isUnscheduled(CodeUnitAccessTarget target) {
        boolean onCommonPool = target.getName().endsWith("Async") && !takes(target, Executor.class);
        return target.getOwner().isAssignableTo(CompletionStage.class)
                && (onCommonPool || TIMEOUTS.matcher(target.getName()).matches());
    }

    private static boolean takes(CodeUnitAccessTarget target, Class<?> parameter) {
        return target.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(parameter));
    }
}
