package io.emreks.spark;

import java.util.List;
import java.util.stream.Stream;

/** The settings of local disks, and the rules for them. */
final class LocalDisks {
    private LocalDisks() {}

    /** Adds the settings of the disks of a role, numbered from 1. */
    static void addTo(SparkConf.Builder conf, List<LocalDisk> disks, String source, String role) {
        for (int i = 0; i < disks.size(); i++) {
            LocalDisk disk = disks.get(i);
            String type = disk instanceof LocalDisk.HostPath
                    ? "hostPath"
                    : disk instanceof LocalDisk.EmptyDir ? "emptyDir" : "persistentVolumeClaim";
            String volume = "spark.kubernetes." + role + ".volumes." + type + ".spark-local-dir-" + (i + 1) + ".";
            conf.tuning(source, volume + "mount.path", disk.mountPath());
            conf.tuning(source, volume + "mount.readOnly", "false");
            if (disk instanceof LocalDisk.HostPath folder) {
                conf.tuning(source, volume + "options.path", folder.nodePath());
            } else if (disk instanceof LocalDisk.EmptyDir folder) {
                folder.sizeLimit().ifPresent(size -> conf.tuning(source, volume + "options.sizeLimit", quantity(size)));
            } else if (disk instanceof LocalDisk.Claim claim) {
                conf.tuning(source, volume + "options.claimName", "OnDemand");
                conf.tuning(source, volume + "options.storageClass", claim.storageClass());
                conf.tuning(source, volume + "options.sizeLimit", quantity(claim.size()));
            }
        }
    }

    /** Adds what is wrong with the disks of a role. */
    static void check(List<LocalDisk> disks, String field, List<Problem> problems) {
        for (int i = 0; i < disks.size(); i++) {
            String path = disks.get(i).mountPath();
            String of = field + ".localDisks[" + i + "]";
            if (!path.startsWith("/") || path.length() == 1) {
                problems.add(new Problem(of, "'" + path + "' is not an absolute path", "mount it like /data1"));
            } else if (Stream.of("/mnt", "/tmp", "/home/hadoop", "/var/log/spark", "/var/log/fluentd")
                    .anyMatch(reserved -> (path + "/").startsWith(reserved + "/"))) {
                problems.add(
                        new Problem(of, "'" + path + "' is where EMR mounts its own volumes", "mount it like /data1"));
            }
        }
    }

    private static String quantity(MemorySize size) {
        return size.mebibytes() + "Mi";
    }
}
