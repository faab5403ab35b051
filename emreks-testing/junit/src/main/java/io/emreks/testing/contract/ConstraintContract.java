package io.emreks.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.emreks.testing.contract.ConstraintCases.Case;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every minimum, maximum, pattern, enum, count and required member of the service model, on every path of every operation:
 * tried just inside and just outside. Outside means a ValidationException with HTTP 400 that names the member; inside means
 * that nothing is said about the member. At a real account only requests are sent that must be refused.
 */
public abstract class ConstraintContract extends Contract {
    /** For subclasses. */
    protected ConstraintContract() {}

    /** A test for each operation. */
    @TestFactory
    Stream<DynamicTest> everyConstraintOfTheModel() {
        return ServiceDefinition.INSTANCE.operations().stream()
                .map(operation -> DynamicTest.dynamicTest(
                        operation + " (unverified: whether the service enforces its model to the letter)",
                        () -> check(operation)));
    }

    private void check(String operation) {
        List<String> problems = new ArrayList<>();
        for (Case one : ConstraintCases.of(operation, () -> requests.of(operation))) {
            if (one.inside() && !target.isFake()) {
                continue;
            }
            Answer answer = target.call(operation, one.input());
            boolean complained = answer.is("ValidationException")
                    && answer.status() == 400
                    && answer.message().contains(" at '" + one.where());
            if (one.inside() == complained) {
                problems.add(one + " -> " + answer.status() + " " + answer.code() + " " + answer.message());
            }
        }
        assertEquals(List.of(), problems);
    }
}
