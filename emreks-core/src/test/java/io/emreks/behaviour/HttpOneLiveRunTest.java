package io.emreks.behaviour;

import io.emreks.testing.service.FakeEmrEks;
import java.util.function.Consumer;

class HttpOneLiveRunTest extends OneLiveRunSuite {
    @Override
    Bed newBed(Consumer<FakeEmrEks.Builder> settings) {
        return Bed.overHttp(settings);
    }
}
