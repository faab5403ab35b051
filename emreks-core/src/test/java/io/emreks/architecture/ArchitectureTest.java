package io.emreks.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of the house, for this module and the modules below it. */
class ArchitectureTest {
    private static final String SPARK_CONFIG = "io.emreks.spark..";
    private static final String POD_TEMPLATES = "io.emreks.podtemplate..";
    private static final String TESTING = "io.emreks.testing..";
    private static final String INTERNAL = "io.emreks.internal..";
    private static final String AWS = "software.amazon..";

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.emreks");
    private static final DescribedPredicate<JavaClass> CORE =
            not(resideInAnyPackage(SPARK_CONFIG, POD_TEMPLATES, TESTING)).as("are in core");
    private static final DescribedPredicate<JavaClass> PUBLIC =
            CORE.and(not(resideInAPackage(INTERNAL))).as("are in a public package of core");
    private static final DescribedPredicate<JavaClass> PUBLISHED =
            not(resideInAPackage(TESTING)).as("are in core or in a module below it");

    @Test
    void seesTheWholeHouse() {
        assertThat(HOUSE.stream().map(JavaClass::getPackageName).distinct())
                .contains(
                        "io.emreks.client",
                        "io.emreks.model",
                        "io.emreks.event",
                        "io.emreks.error",
                        "io.emreks.retry",
                        "io.emreks.logs",
                        "io.emreks.metrics",
                        "io.emreks.internal.aws",
                        "io.emreks.spark",
                        "io.emreks.podtemplate",
                        "io.emreks.testing.service")
                .doesNotContain("io.emreks.architecture");
    }

    @Test
    void publicPackagesHaveNoCycle() {
        check(slices().matching("io.emreks.(*)").should().beFreeOfCycles());
    }

    @Test
    void publicPackagesNameInternalOnesOnlyToMakeBuilders() {
        check(classes().that(PUBLIC).should(nameInternalTypesOnlyInBuilderMethods()));
    }

    @Test
    void awsTypesAreNamedOnlyByTheirRoomAndByBuilders() {
        check(noClasses()
                .that(CORE)
                .and()
                .resideOutsideOfPackage("io.emreks.internal.aws..")
                .and()
                .doNotHaveFullyQualifiedName("io.emreks.client.EmrEksClientBuilder")
                .and()
                .doNotHaveFullyQualifiedName("io.emreks.internal.engine.DefaultEmrEksClientBuilder")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(AWS));
    }

    @Test
    void resilience4jIsNamedOnlyByItsWrappers() {
        check(noClasses()
                .that(CORE)
                .and()
                .haveNameNotMatching("io\\.emreks\\.internal\\.calls\\.(RetrySchedule|ApiBreaker)(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j.."));
    }

    @Test
    void micrometerIsNamedOnlyByWhoNeedsIt() {
        check(noClasses()
                .that(PUBLISHED)
                .and()
                .haveNameNotMatching("io\\.emreks\\.metrics\\.(Micrometer|Observation)Telemetry(\\$.*)?")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer.."));
    }

    @Test
    void timeRandomnessAndThreadsComeFromTheRuntime() {
        check(noClasses().that(PUBLISHED).should(takeFromTheMachine()));
    }

    @Test
    void noClassIsNamedImpl() {
        check(noClasses().that(PUBLISHED).should().haveSimpleNameEndingWith("Impl"));
    }

    @Test
    void coreDoesNotNameTheTestingModules() {
        check(noClasses().that(CORE).should().dependOnClassesThat().resideInAPackage(TESTING));
    }

    @Test
    void modulesBelowCoreKnowNobody() {
        for (String module : new String[] {SPARK_CONFIG, POD_TEMPLATES}) {
            check(noClasses()
                    .that()
                    .resideInAPackage(module)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage("io.emreks..", AWS).and(not(resideInAPackage(module)))));
        }
    }

    @Test
    void modulesBelowCoreDoNoIoAndStartNoThread() {
        check(noClasses()
                .that()
                .resideInAnyPackage(SPARK_CONFIG, POD_TEMPLATES)
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.(io\\.(File|RandomAccess).*"
                        + "|nio\\.(file|channels)\\..*"
                        + "|net\\.(?!URI).*"
                        + "|lang\\.(Thread|Process).*"
                        + "|util\\.Timer.*"
                        + "|util\\.concurrent\\.(.*Executor.*|ForkJoin.*|CompletableFuture))"));
    }

    @Test
    void theFakeServiceKnowsNothingOfTheClient() {
        check(noClasses()
                .that()
                .resideInAPackage("io.emreks.testing.service..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.emreks..").and(not(resideInAPackage(TESTING)))));
    }

    private static void check(ArchRule rule) {
        rule.check(HOUSE);
    }

    private static ArchCondition<JavaClass> nameInternalTypesOnlyInBuilderMethods() {
        Pattern allowed = Pattern.compile(
                "Method <io\\.emreks\\.client\\.(EmrEksClient|EmrEksRuntime)\\.builder\\(\\)> calls .*");
        return new ArchCondition<>("name internal types only in EmrEksClient.builder() and EmrEksRuntime.builder()") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    if (resideInAPackage(INTERNAL).test(dependency.getTargetClass())) {
                        boolean fine =
                                allowed.matcher(dependency.getDescription()).matches();
                        events.add(new SimpleConditionEvent(type, fine, dependency.getDescription()));
                    }
                }
            }
        };
    }

    private static ArchCondition<JavaClass> takeFromTheMachine() {
        return new ArchCondition<>(
                "take time, randomness or shared threads from the machine, except as defaults of the runtime") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                    boolean taken = Machine.gives(access) && !isDefaultOfTheRuntime(access);
                    events.add(new SimpleConditionEvent(type, taken, access.getDescription()));
                }
            }
        };
    }

    /** What the runtime is not given it takes from the machine, in its constructors. */
    private static boolean isDefaultOfTheRuntime(JavaAccess<?> access) {
        return access.getOriginOwner()
                        .getName()
                        .matches("io\\.emreks\\.internal\\.engine\\.DefaultEmrEksRuntime(\\$DefaultBuilder)?")
                && access.getOrigin().getName().equals("<init>");
    }
}
