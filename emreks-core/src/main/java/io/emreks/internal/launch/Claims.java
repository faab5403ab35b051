package io.emreks.internal.launch;

import io.emreks.internal.aws.ObjectStore;
import io.emreks.internal.aws.S3Location;
import io.emreks.internal.calls.ApiFailure;
import io.emreks.internal.calls.ApiOperation;
import io.emreks.internal.calls.Calls;
import io.emreks.internal.loop.Loop;
import io.emreks.model.JobRunRef;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One object in S3 for each key: who is starting its next run, and which was its last. It is only ever written on the
 * condition that it is as it was read. Belongs to the loop.
 *
 * <p>No clock of another machine is trusted: a claim is taken over by who has watched it stand still for the whole expiry,
 * while its holder touches it three times as often.
 */
public final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);
    private static final String TYPE = "text/plain; charset=utf-8";
    private static final int HOLDER_BYTES = 12;

    private final Loop loop;
    private final Calls calls;
    private final ObjectStore store;
    private final S3Location folder;
    private final Duration expiry;
    private final RandomGenerator random;
    private final Runnable whenQuiet;
    private int writes;

    public Claims(
            Loop loop,
            Calls calls,
            ObjectStore store,
            S3Location artifacts,
            Duration expiry,
            RandomGenerator random,
            Runnable whenQuiet) {
        this.loop = loop;
        this.calls = calls;
        this.store = store;
        this.folder = artifacts.resolve("claims/");
        this.expiry = expiry;
        this.random = random;
        this.whenQuiet = whenQuiet;
    }

    /** Whether nothing is being written. */
    public boolean quiet() {
        return writes == 0;
    }

    /** Waits for the claim of a key; the future completes on the loop and fails with an {@link ApiFailure}. */
    public Waiting acquire(Lineage lineage) {
        byte[] name = new byte[HOLDER_BYTES];
        random.nextBytes(name);
        Waiting waiting = new Waiting(location(lineage), HexFormat.of().formatHex(name));
        waiting.read();
        return waiting;
    }

    private S3Location location(Lineage lineage) {
        MessageDigest digest = ClientTokens.sha256();
        digest.update(lineage.owner().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
        digest.update(lineage.key().getBytes(StandardCharsets.UTF_8));
        return folder.resolve(HexFormat.of().formatHex(digest.digest()));
    }

    /** A wish for a claim. */
    public final class Waiting {
        private final CompletableFuture<Held> held = new CompletableFuture<>();
        private final S3Location location;
        private final String holder;
        private @Nullable String seenTag;
        private long seenSince;
        private boolean given;

        Waiting(S3Location location, String holder) {
            this.location = location;
            this.holder = holder;
        }

        /** Completes when the claim is held. */
        public CompletableFuture<Held> held() {
            return held;
        }

        /** The claim is not wanted any more, or not held any longer than it takes to free it. */
        public void giveUp() {
            given = true;
            var unused = held.thenAccept(claim -> claim.release(claim.run()));
        }

        private void read() {
            if (given) {
                return;
            }
            var unused = calls.call(ApiOperation.GET_OBJECT, () -> store.getTagged(location))
                    .result()
                    .whenComplete((object, failure) -> {
                        if (failure == null) {
                            found(object);
                        } else if (ApiFailure.in(failure).kind() == ApiFailure.Kind.NOT_FOUND) {
                            take(Optional.empty(), Optional.empty(), true);
                        } else {
                            held.completeExceptionally(failure);
                        }
                    });
        }

        private void found(ObjectStore.Tagged object) {
            Content content = Content.read(object.text());
            if (content.holder().equals(holder)) {
                held.complete(new Held(location, holder, object.tag(), content.run(), false));
            } else if (content.holder().isEmpty() || stoodStill(object.tag())) {
                take(Optional.of(object.tag()), content.run(), content.holder().isEmpty());
            } else {
                loop.after(PAUSE, this::read);
            }
        }

        private boolean stoodStill(String tag) {
            if (!tag.equals(seenTag)) {
                seenTag = tag;
                seenSince = loop.nanos();
            }
            return loop.nanos() - seenSince >= expiry.toNanos();
        }

        private void take(Optional<String> tag, Optional<JobRunRef> run, boolean released) {
            var unused = put(tag, location, new Content(holder, run, 0)).whenComplete((newTag, failure) -> {
                if (failure == null) {
                    held.complete(new Held(location, holder, newTag, run, released));
                } else if (ApiFailure.in(failure).kind() == ApiFailure.Kind.PRECONDITION) {
                    read();
                } else {
                    held.completeExceptionally(failure);
                }
            });
        }
    }

    private CompletableFuture<String> put(Optional<String> tag, S3Location location, Content content) {
        writes++;
        CompletableFuture<String> put = calls.call(
                        ApiOperation.PUT_OBJECT, () -> store.putIf(tag, location, content.written(), TYPE))
                .result();
        var unused = put.whenComplete((newTag, failure) -> {
            writes--;
            loop.execute(whenQuiet);
        });
        return put;
    }

    /** A claim, kept alive until it is released. */
    public final class Held {
        private final S3Location location;
        private final String holder;
        private final Optional<JobRunRef> run;
        private final boolean certain;
        private String tag;
        private long touches;
        private boolean writing;
        private boolean released;
        private Optional<JobRunRef> last = Optional.empty();
        private Loop.Timer touch;

        Held(S3Location location, String holder, String tag, Optional<JobRunRef> run, boolean certain) {
            this.location = location;
            this.holder = holder;
            this.tag = tag;
            this.run = run;
            this.certain = certain;
            this.touch = loop.after(expiry.dividedBy(3), this::touch);
        }

        /** The last run of the key; empty if none was written down, or its last holder may have started another. */
        public Optional<JobRunRef> run() {
            return certain ? run : Optional.empty();
        }

        private void touch() {
            write(new Content(holder, run, ++touches));
        }

        /**
         * Lets others have it.
         *
         * @param lastRun the last run of the key; empty if it is not certain which that is, and others have to look for it
         */
        public void release(Optional<JobRunRef> lastRun) {
            if (released) {
                return;
            }
            released = true;
            last = lastRun;
            touch.cancel();
            if (!writing) {
                write(new Content("", last, 0));
            }
        }

        private void write(Content content) {
            writing = true;
            var unused = put(Optional.of(tag), location, content).whenComplete((newTag, failure) -> {
                writing = false;
                boolean freed = content.holder().isEmpty();
                if (failure != null) {
                    LOG.warn(
                            "The claim {} could not be written; others take it over when it has expired: {}",
                            location,
                            ApiFailure.in(failure).getMessage());
                } else if (released && !freed) {
                    tag = newTag;
                    write(new Content("", last, 0));
                } else if (!released) {
                    tag = newTag;
                    touch = loop.after(expiry.dividedBy(3), this::touch);
                }
            });
        }
    }

    /**
     * What is in the object.
     *
     * @param holder who is starting a run; empty if nobody is
     * @param run the last run
     * @param touches makes every content another one
     */
    private record Content(String holder, Optional<JobRunRef> run, long touches) {
        byte[] written() {
            Map<String, String> lines = new LinkedHashMap<>();
            lines.put("version", "1");
            lines.put("holder", holder);
            run.ifPresent(ref -> {
                lines.put("virtualCluster", ref.virtualClusterId());
                lines.put("run", ref.id());
            });
            lines.put("touches", Long.toString(touches));
            StringBuilder text = new StringBuilder();
            lines.forEach(
                    (name, value) -> text.append(name).append('=').append(value).append('\n'));
            return text.toString().getBytes(StandardCharsets.UTF_8);
        }

        static Content read(String text) {
            Map<String, String> lines = new LinkedHashMap<>();
            text.lines().forEach(line -> {
                int at = line.indexOf('=');
                if (at > 0) {
                    lines.put(line.substring(0, at), line.substring(at + 1));
                }
            });
            String cluster = lines.get("virtualCluster");
            String run = lines.get("run");
            return new Content(
                    lines.getOrDefault("holder", ""),
                    cluster == null || run == null ? Optional.empty() : Optional.of(new JobRunRef(cluster, run)),
                    0);
        }
    }
}
