package io.emreks.testing.spark;

/** Why a run ends before its driver started; the message is for the one who submitted it. */
final class StartProblem extends Exception {
    private static final long serialVersionUID = 1L;

    StartProblem(String message) {
        super(message);
    }
}
