package io.emreks.testing.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What all contracts have in common: a target per test, and calls with their answers checked against the service model. */
@SuppressWarnings("NullAway.Init") // set up before each test
abstract class Contract {
    ContractTarget target;
    Requests requests;

    /** The service to test; asked before each test, and closed after it. */
    protected abstract ContractTarget target() throws Exception;

    @BeforeEach
    void openTarget() throws Exception {
        target = target();
        requests = new Requests(target);
    }

    @AfterEach
    void closeTarget() {
        target.close();
    }

    /** A call that succeeds, with an answer as the model describes it. */
    final JsonNode succeeds(String operation, ObjectNode input) {
        Answer answer = target.call(operation, input);
        assertTrue(answer.ok(), () -> operation + " " + input + " -> " + answer);
        assertEquals(
                java.util.List.of(),
                ServiceDefinition.INSTANCE.problems(ServiceDefinition.INSTANCE.output(operation), answer.body()),
                operation);
        return answer.body();
    }

    final Answer refused(String error, String operation, ObjectNode input) {
        Answer answer = target.call(operation, input);
        assertEquals(error, answer.code(), () -> operation + " " + input + " -> " + answer);
        assertEquals(ServiceDefinition.INSTANCE.status(error), answer.status(), operation);
        assertTrue(!answer.message().isEmpty(), operation);
        return answer;
    }

    final ObjectNode json(String text, Object... values) {
        return Requests.json(text, values);
    }
}
