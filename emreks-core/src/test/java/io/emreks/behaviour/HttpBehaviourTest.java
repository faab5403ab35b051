package io.emreks.behaviour;

/** Over HTTP. */
class HttpBehaviourTest extends BehaviourSuite {
    @Override
    Bed newBed() {
        return Bed.overHttp();
    }

    @Override
    int casesPerBed() {
        return 250;
    }
}
