package io.emreks.testing.service;

class WireJobTemplateTest extends JobTemplateContract {
    @Override
    boolean overHttp() {
        return true;
    }
}
