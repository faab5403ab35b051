package io.emreks.behaviour;

/** In memory. */
class InMemoryBehaviourTest extends BehaviourSuite {
    @Override
    Bed newBed() {
        return Bed.inMemory();
    }

    @Override
    int casesPerBed() {
        return 40;
    }
}
