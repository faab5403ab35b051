package io.emreks.testing.service;

import software.amazon.awssdk.services.emrcontainers.EmrContainersClient;

class InMemoryServiceTest extends ServiceContract {
    @Override
    EmrContainersClient client(FakeEmrEks service) {
        return Clients.inMemory(service);
    }
}
