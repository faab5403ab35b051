package io.emreks.samples.quickstart;

import java.util.ArrayList;
import java.util.List;

/** What the quick start promises, and what of it did not come true. */
final class Expectations {
    private final List<String> missed = new ArrayList<>();

    /** Prints whether something is as it should be, and remembers it. */
    void check(boolean asExpected, String what, Object found) {
        if (asExpected) {
            say("ok: " + what);
        } else {
            missed(what + "; found " + found);
        }
    }

    /** Remembers something that is not as it should be. */
    void missed(String what) {
        missed.add(what);
        say("NOT AS EXPECTED: " + what);
    }

    List<String> missed() {
        return List.copyOf(missed);
    }

    private static void say(String text) {
        System.out.println("          " + text);
    }
}
