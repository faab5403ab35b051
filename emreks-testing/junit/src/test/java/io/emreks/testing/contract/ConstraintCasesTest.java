package io.emreks.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.emreks.testing.contract.ConstraintCases.Case;
import io.emreks.testing.service.FakeEmrEks;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That the cases are there, and that a service which does not check fails them. */
class ConstraintCasesTest {
    @Test
    void everyKindOfConstraintHasCasesOnBothSides() {
        try (ContractTarget target = Targets.IN_MEMORY_RAW.open()) {
            Requests requests = new Requests(target);
            List<String> start = ConstraintCases.of("StartJobRun", () -> requests.of("StartJobRun")).stream()
                    .map(Case::toString)
                    .toList();
            assertThat(start)
                    .contains(
                            "StartJobRun: name has 64 characters",
                            "StartJobRun: name has 65 characters",
                            "StartJobRun: name does not match its pattern",
                            "StartJobRun: clientToken is missing",
                            "StartJobRun: executionRoleArn has 19 characters",
                            "StartJobRun: executionRoleArn has 20 characters",
                            "StartJobRun: jobDriver.sparkSqlJobDriver.sparkSqlParameters has 102401 characters",
                            "StartJobRun: jobDriver.sparkSubmitJobDriver.entryPointArguments.1.member has 10281 characters",
                            "StartJobRun: configurationOverrides.applicationConfiguration is 100",
                            "StartJobRun: configurationOverrides.applicationConfiguration is 101",
                            "StartJobRun: configurationOverrides.monitoringConfiguration.persistentAppUI is none of its"
                                    + " enum",
                            "StartJobRun: configurationOverrides.monitoringConfiguration"
                                    + ".containerLogRotationConfiguration.maxFilesToKeep is 51",
                            "StartJobRun: tags is 51",
                            "StartJobRun: tags has a key that has 129 characters",
                            "StartJobRun: tags.a.member has 257 characters");
            int inside = 0;
            int outside = 0;
            for (String operation : ServiceDefinition.INSTANCE.operations()) {
                for (Case one : ConstraintCases.of(operation, () -> requests.of(operation))) {
                    inside += one.inside() ? 1 : 0;
                    outside += one.inside() ? 0 : 1;
                }
            }
            assertThat(inside).isGreaterThan(300);
            assertThat(outside).isGreaterThan(400);
        }
    }

    @Test
    void aServiceThatRefusesEverythingAndOneThatRefusesNothingFail() throws Exception {
        FakeEmrEks fake = FakeEmrEks.create();
        try (ContractTarget strict = ContractTarget.fake(
                fake, fake.httpClient(), URI.create("https://emr-containers.us-east-1.amazonaws.com"))) {
            ConstraintContract contract = new ConstraintContract() {
                @Override
                protected ContractTarget target() {
                    return strict;
                }
            };
            contract.openTarget();
            fake.faults()
                    .when(
                            call -> call.operation().equals("ListJobRuns"),
                            io.emreks.testing.service.Fault.error(400, "Other", "no"));
            assertThat(contract.everyConstraintOfTheModel()
                            .filter(test -> test.getDisplayName().startsWith("ListJobRuns"))
                            .map(ConstraintCasesTest::failure))
                    .singleElement()
                    .asString()
                    .contains("ListJobRuns: nextToken has 1025 characters")
                    .isNotEmpty();
        }
    }

    private static String failure(org.junit.jupiter.api.DynamicTest test) {
        try {
            test.getExecutable().execute();
            return "";
        } catch (Throwable e) {
            return String.valueOf(e.getMessage());
        }
    }
}
