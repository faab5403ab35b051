package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A way to call the service: an operation with its input as JSON. */
interface Calls {
    Answer call(String operation, ObjectNode input);
}
