package io.emreks.testing.service;

import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;

class WireServiceTest extends ServiceContract {
    @Override
    EmrContainersClient client(FakeEmrEks service) {
        return Clients.overHttp(service.startServer().endpoint());
    }
}
