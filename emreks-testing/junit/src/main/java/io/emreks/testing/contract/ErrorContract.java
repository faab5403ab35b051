package io.emreks.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.contract.ConstraintCases.Case;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every error that the service model gives an operation, with its code and HTTP status: those of requests that are wrong or
 * name what is not there as they come, the others as a fake can be made to give them.
 */
public abstract class ErrorContract extends Contract {
    /** What an operation must name for a ResourceNotFoundException, where its plain request does not do it. */
    private static final Map<String, String> MISSING = Map.of(
            "CreateManagedEndpoint", "{'virtualClusterId':'0000000000000000000000000'}",
            "StartJobRun", "{'virtualClusterId':'0000000000000000000000000'}",
            "CreateVirtualCluster", "{'securityConfigurationId':'0000000000000000000'}",
            "DescribeVirtualCluster", "{'id':'0000000000000000000000000'}",
            "UpdateVirtualCluster", "{'id':'0000000000000000000000000'}");

    /** For subclasses. */
    protected ErrorContract() {}

    /** A test for each error of each operation. */
    @TestFactory
    Stream<DynamicTest> everyErrorOfTheModel() {
        return ServiceDefinition.INSTANCE.operations().stream()
                .flatMap(operation -> ServiceDefinition.INSTANCE.errors(operation).stream()
                        .map(error -> DynamicTest.dynamicTest(
                                operation + " " + error + " (verified by the model)", () -> check(operation, error))));
    }

    private void check(String operation, String error) {
        // what CreateJobTemplate does not find is not documented
        boolean notFound = error.equals("ResourceNotFoundException") && !operation.equals("CreateJobTemplate");
        ObjectNode input = requests.of(operation);
        if (error.equals("ValidationException")) {
            Case wrong = ConstraintCases.of(operation, () -> requests.of(operation)).stream()
                    .filter(one -> !one.inside())
                    .findFirst()
                    .orElseThrow();
            refused(error, operation, wrong.input());
        } else if (notFound) {
            input.setAll(json(MISSING.getOrDefault(operation, "{}")));
            refused(error, operation, input);
        } else {
            assumeTrue(target.isFake(), "only a fake can be made to fail");
            target.plant(operation, ServiceDefinition.INSTANCE.status(error), error, "planted");
            assertEquals("planted", refused(error, operation, input).message());
        }
    }
}
