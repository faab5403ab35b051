package io.emreks.testing.service;

class WireSchedulingTest extends SchedulingContract {
    @Override
    boolean overHttp() {
        return true;
    }
}
