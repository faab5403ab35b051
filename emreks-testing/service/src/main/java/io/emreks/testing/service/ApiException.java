package io.emreks.testing.service;

/** An error answer of a modelled service; ends the handling of a request. */
final class ApiException extends RuntimeException {
    private final transient Fault.ErrorAnswer answer;

    ApiException(int status, String code, String message) {
        super(message, null, false, false);
        this.answer = new Fault.ErrorAnswer(status, code, message);
    }

    static ApiException validation(String message) {
        return new ApiException(400, "ValidationException", message);
    }

    /** HTTP 400, as the service model says. */
    static ApiException notFound(String message) {
        return new ApiException(400, "ResourceNotFoundException", message);
    }

    Fault.ErrorAnswer answer() {
        return answer;
    }
}
