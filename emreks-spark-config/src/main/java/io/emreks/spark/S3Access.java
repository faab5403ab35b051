package io.emreks.spark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.immutables.value.Value;

/**
 * How a job reads and writes S3, in the words of its release's file system: EMRFS below 7.10.0, set in
 * {@code emrfs-site}, and S3A from it on, set as {@code spark.hadoop.fs.s3a.*}. Source: EMR Release Guide, "EMR File
 * System" and "Migration Guide: EMRFS to S3A". Immutable.
 */
@Value.Immutable
public abstract class S3Access implements SparkPreset {
    private static final String NAME = "s3 access";
    private static final String EMRFS = "com.amazon.ws.emr.hadoop.fs.EmrFileSystem";

    S3Access() {}

    /** The release's own file system with its own settings. */
    public static S3Access of(ReleaseLabel release) {
        return builder().release(release).build();
    }

    /** Starts a preset; {@link Builder#release(ReleaseLabel)} is required. */
    public static Builder builder() {
        return ImmutableS3Access.builder();
    }

    /** The job's release. */
    public abstract ReleaseLabel release();

    /** Whether a release that has S3A goes on with EMRFS; false without it. */
    @Value.Default
    public boolean keepEmrfs() {
        return false;
    }

    /** Whether settings of EMRFS are translated for S3A; EMR does so without being told. */
    @Value.Default
    public boolean translateEmrfs() {
        return true;
    }

    /** The KMS key, by id or ARN, with which S3 encrypts what the job writes (SSE-KMS). */
    public abstract Optional<String> kmsKey();

    /** How many connections to S3 one process opens at most. */
    public abstract OptionalInt maxConnections();

    /** {@code s3 access}. */
    @Override
    public String name() {
        return NAME;
    }

    private boolean usesS3a() {
        return release().supports(ReleaseFeature.S3A) && !keepEmrfs();
    }

    @Override
    public SparkConf conf() {
        if (!usesS3a()) {
            return SparkConf.empty();
        }
        return new PresetSettings(NAME, "spark.hadoop.fs.s3a.")
                .put("encryption.algorithm", kmsKey().map(key -> "SSE-KMS"))
                .put("encryption.key", kmsKey())
                .put("connection.maximum", maxConnections())
                .conf();
    }

    @Override
    public List<Classification> classifications() {
        List<Classification> all = new ArrayList<>();
        Map<String, String> core = new LinkedHashMap<>();
        if (release().supports(ReleaseFeature.S3A)) {
            if (keepEmrfs()) {
                core.put("fs.s3.impl", EMRFS);
                core.put("fs.s3n.impl", EMRFS);
            } else if (!translateEmrfs()) {
                core.put("fs.s3a.emrfs.compatibility.enable", "false");
            }
        }
        if (!core.isEmpty()) {
            all.add(Classification.coreSite(core));
        }
        Map<String, String> emrfs = new LinkedHashMap<>();
        if (!usesS3a()) {
            kmsKey().ifPresent(key -> {
                emrfs.put("fs.s3.enableServerSideEncryption", "true");
                emrfs.put("fs.s3.serverSideEncryption.kms.keyId", key);
            });
            maxConnections().ifPresent(n -> emrfs.put("fs.s3.maxConnections", Integer.toString(n)));
        }
        if (!emrfs.isEmpty()) {
            all.add(Classification.emrfsSite(emrfs));
        }
        return all;
    }

    @Override
    public List<Problem> problems() {
        List<Problem> problems = new ArrayList<>();
        Limits.atLeastOne(maxConnections(), "s3Access.maxConnections", problems);
        kmsKey().ifPresent(key -> {
            if (!key.matches("\\S+")) {
                problems.add(new Problem(
                        "s3Access.kmsKey", "is blank or has spaces", "give the id, the alias or the ARN of a key"));
            }
        });
        if (keepEmrfs() && release().isSparkLine()) {
            problems.add(new Problem(
                    "s3Access.keepEmrfs", "is set for " + release() + ", which takes no emrfs-site", "use S3A"));
        }
        return List.copyOf(problems);
    }

    /** Builds the preset. Not safe for use by several threads at once. */
    public abstract static class Builder {
        Builder() {}

        /** Sets the job's release. */
        public abstract Builder release(ReleaseLabel release);

        /** Sets whether a release that has S3A goes on with EMRFS. */
        public abstract Builder keepEmrfs(boolean keepEmrfs);

        /** Sets whether settings of EMRFS are translated for S3A. */
        public abstract Builder translateEmrfs(boolean translateEmrfs);

        /** Sets the KMS key with which S3 encrypts what the job writes. */
        public abstract Builder kmsKey(String kmsKey);

        /** Sets how many connections to S3 one process opens at most. */
        public abstract Builder maxConnections(int maxConnections);

        /**
         * The preset. Whether it makes sense is told by {@link S3Access#problems()}.
         *
         * @throws IllegalStateException if the release is not set
         */
        public abstract S3Access build();
    }
}
