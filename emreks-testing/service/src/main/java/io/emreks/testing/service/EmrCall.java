package io.emreks.testing.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.emreks.testing.service.ServiceModel.Route;
import java.util.Optional;

/**
 * A call of EMR that was read and has had no effect yet.
 *
 * @param operation its name; empty if no route fits
 * @param input what is asked for, valid by the service model; empty where the call is refused
 * @param body the body as it was sent
 * @param refusal what is wrong with it
 */
record EmrCall(String operation, ObjectNode input, String body, Optional<Fault.ErrorAnswer> refusal) {
    static EmrCall of(ServiceModel model, Optional<Route> route, ApiRequest request) {
        String operation = route.map(Route::operation).orElse("");
        try {
            Route known = route.orElseThrow(() -> new ApiException(
                    404, "UnknownOperationException", "No operation is " + request.method() + " " + request.path()));
            return new EmrCall(operation, model.input(known, request), request.text(), Optional.empty());
        } catch (ApiException e) {
            return new EmrCall(
                    operation, ServiceModel.JSON.createObjectNode(), request.text(), Optional.of(e.answer()));
        }
    }
}
