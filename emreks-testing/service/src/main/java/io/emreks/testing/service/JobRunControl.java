package io.emreks.testing.service;

import java.net.URI;
import java.util.Optional;

/**
 * Through which a {@link JobRunEngine} moves a run on. Callable from any thread. A transition that the service does not
 * know (after the end, backwards, COMPLETED before RUNNING, anything but CANCELLED after an accepted cancel) is ignored,
 * so an engine need not care about races.
 */
public interface JobRunControl {
    /** The run is SUBMITTED. */
    void submitted();

    /** The driver is RUNNING. */
    void running();

    /**
     * Where the Spark UI of the driver can be opened, for {@link FakeJobRun#sparkUi}. Not kept unless the run is RUNNING.
     *
     * @param address the address; empty if there is none any more
     */
    void sparkUi(Optional<URI> address);

    /** The run ended well. Ignored once a cancel was accepted: then say {@link #cancelled}. */
    void completed();

    /** The run failed; details longer than the service's 256 characters are cut. Ignored once a cancel was accepted. */
    void failed(FakeFailureReason reason, String stateDetails);

    /** An accepted cancel has taken effect. */
    void cancelled();
}
