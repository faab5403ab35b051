package io.emreks.behaviour;

import io.emreks.testing.service.FakeEmrEks;
import java.util.function.Consumer;

class InMemoryOneLiveRunTest extends OneLiveRunSuite {
    @Override
    Bed newBed(Consumer<FakeEmrEks.Builder> settings) {
        return Bed.inMemory(settings);
    }
}
