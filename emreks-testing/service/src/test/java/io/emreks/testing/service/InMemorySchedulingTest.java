package io.emreks.testing.service;

class InMemorySchedulingTest extends SchedulingContract {
    @Override
    boolean overHttp() {
        return false;
    }
}
