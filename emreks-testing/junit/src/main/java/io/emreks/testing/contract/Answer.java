package io.emreks.testing.contract;

import com.fasterxml.jackson.databind.JsonNode;

/** What a call was answered: HTTP status, and the code and message of an error or the body of a success. */
record Answer(int status, String code, String message, JsonNode body) {
    boolean ok() {
        return status == 200;
    }

    boolean is(String error) {
        return code.equals(error);
    }
}
