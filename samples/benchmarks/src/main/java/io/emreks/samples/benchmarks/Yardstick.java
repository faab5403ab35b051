package io.emreks.samples.benchmarks;

import java.util.List;

/** One benchmark: a name to run it by, and measurements that each have their baseline from the same run. */
interface Yardstick {
    /** Lower-case words joined by hyphens. */
    String name();

    List<Measurement> measure() throws Exception;
}
