package io.emreks.testing.service;

class WireServiceTest extends ServiceContract {
    @Override
    boolean overHttp() {
        return true;
    }
}
