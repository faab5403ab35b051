package io.emreks.testing.service;

class InMemoryServiceTest extends ServiceContract {
    @Override
    boolean overHttp() {
        return false;
    }
}
