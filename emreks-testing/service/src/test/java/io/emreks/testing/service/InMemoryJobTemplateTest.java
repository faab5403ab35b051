package io.emreks.testing.service;

class InMemoryJobTemplateTest extends JobTemplateContract {
    @Override
    boolean overHttp() {
        return false;
    }
}
