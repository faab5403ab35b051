package io.emreks.testing.service;

import software.amazon.awssdk.services.s3.S3Client;

class WireS3Test extends S3Contract {
    @Override
    FakeS3 store() {
        return FakeS3.inMemory();
    }

    @Override
    S3Client client(FakeEmrEks service) {
        return Clients.s3OverHttp(service.startServer().endpoint());
    }
}
