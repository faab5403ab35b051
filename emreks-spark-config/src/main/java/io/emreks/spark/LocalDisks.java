package io.emreks.spark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The settings of local disks, and the rules for them. */
final class LocalDisks {
    private LocalDisks() {}

    private static final String NAME = "spark-local-dir-";
    private static final String HOST_PATH = "hostPath";
    private static final String EMPTY_DIR = "emptyDir";
    private static final String CLAIM = "persistentVolumeClaim";
    private static final String MOUNT_PATH = "mount.path";
    private static final String READ_ONLY = "mount.readOnly";
    private static final String PATH = "options.path";
    private static final String SIZE_LIMIT = "options.sizeLimit";
    private static final String CLAIM_NAME = "options.claimName";
    private static final String STORAGE_CLASS = "options.storageClass";
    private static final String ON_DEMAND = "OnDemand";
    private static final Pattern QUANTITY = Pattern.compile("([0-9]{1,9})(Mi|Gi|Ti)");

    /** Adds the settings of the disks of a role, numbered from 1. */
    static void addTo(SparkConf.Builder conf, List<LocalDisk> disks, String source, String role) {
        for (int i = 0; i < disks.size(); i++) {
            LocalDisk disk = disks.get(i);
            String type = disk instanceof LocalDisk.HostPath
                    ? HOST_PATH
                    : disk instanceof LocalDisk.EmptyDir ? EMPTY_DIR : CLAIM;
            String volume = volumes(role) + type + "." + NAME + (i + 1) + ".";
            conf.tuning(source, volume + MOUNT_PATH, disk.mountPath());
            conf.tuning(source, volume + READ_ONLY, "false");
            if (disk instanceof LocalDisk.HostPath folder) {
                conf.tuning(source, volume + PATH, folder.nodePath());
            } else if (disk instanceof LocalDisk.EmptyDir folder) {
                folder.sizeLimit().ifPresent(size -> conf.tuning(source, volume + SIZE_LIMIT, quantity(size)));
            } else if (disk instanceof LocalDisk.Claim claim) {
                conf.tuning(source, volume + CLAIM_NAME, ON_DEMAND);
                conf.tuning(source, volume + STORAGE_CLASS, claim.storageClass());
                conf.tuning(source, volume + SIZE_LIMIT, quantity(claim.size()));
            }
        }
    }

    private static String volumes(String role) {
        return "spark.kubernetes." + role + ".volumes.";
    }

    /**
     * Takes the disks of a role out of settings, if all that is said about them is what {@link #addTo} says; else the
     * settings stay as they are and there are no disks.
     */
    static List<LocalDisk> takeFrom(Map<String, String> settings, String role) {
        String volumes = volumes(role);
        Map<String, Map<String, String>> byVolume = new HashMap<>();
        settings.forEach((key, value) -> {
            int name = key.startsWith(volumes) ? key.indexOf("." + NAME, volumes.length()) : -1;
            int end = name < 0 ? -1 : key.indexOf('.', name + 1);
            if (end > 0) {
                byVolume.computeIfAbsent(key.substring(volumes.length(), end), volume -> new HashMap<>())
                        .put(key.substring(end + 1), value);
            }
        });
        List<LocalDisk> disks = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = 1; i <= byVolume.size(); i++) {
            for (String type : List.of(HOST_PATH, EMPTY_DIR, CLAIM)) {
                String volume = type + "." + NAME + i;
                Map<String, String> said = byVolume.getOrDefault(volume, Map.of());
                disk(type, said).ifPresent(disks::add);
                said.keySet().forEach(key -> keys.add(volumes + volume + "." + key));
            }
            if (disks.size() != i) {
                return List.of();
            }
        }
        keys.forEach(settings::remove);
        return disks;
    }

    private static Optional<LocalDisk> disk(String type, Map<String, String> said) {
        Map<String, String> rest = new HashMap<>(said);
        String mountPath = rest.remove(MOUNT_PATH);
        String readOnly = rest.remove(READ_ONLY);
        if (mountPath == null || (readOnly != null && !readOnly.equals("false"))) {
            return Optional.empty();
        }
        Optional<LocalDisk> disk;
        if (type.equals(HOST_PATH)) {
            disk = Optional.ofNullable(rest.remove(PATH)).map(path -> LocalDisk.hostPath(mountPath, path));
        } else if (type.equals(EMPTY_DIR)) {
            disk = rest.isEmpty()
                    ? Optional.of(LocalDisk.emptyDir(mountPath))
                    : size(rest).map(size -> new LocalDisk.EmptyDir(mountPath, Optional.of(size)));
        } else {
            boolean onDemand = ON_DEMAND.equals(rest.remove(CLAIM_NAME));
            disk = Optional.ofNullable(rest.remove(STORAGE_CLASS))
                    .filter(storageClass -> onDemand)
                    .flatMap(
                            storageClass -> size(rest).map(size -> new LocalDisk.Claim(mountPath, storageClass, size)));
        }
        return disk.filter(read -> rest.isEmpty());
    }

    private static Optional<MemorySize> size(Map<String, String> rest) {
        Matcher quantity = QUANTITY.matcher(String.valueOf(rest.remove(SIZE_LIMIT)));
        return quantity.matches()
                ? Optional.of(
                        MemorySize.parse(quantity.group(1) + quantity.group(2).charAt(0)))
                : Optional.empty();
    }

    /** Adds what is wrong with the disks of a role. */
    static void check(List<LocalDisk> disks, String field, List<Problem> problems) {
        Set<String> paths = new HashSet<>();
        for (int i = 0; i < disks.size(); i++) {
            LocalDisk disk = disks.get(i);
            String of = field + ".localDisks[" + i + "]";
            checkMountPath(disk.mountPath(), of, problems);
            if (!paths.add(disk.mountPath())) {
                problems.add(new Problem(of, "'" + disk.mountPath() + "' is mounted twice", "give each its own path"));
            }
            if (disk instanceof LocalDisk.HostPath folder && !folder.nodePath().startsWith("/")) {
                problems.add(new Problem(
                        of,
                        "'" + folder.nodePath() + "' is not an absolute path of the node",
                        "write it like /mnt/k8s"));
            } else if (disk instanceof LocalDisk.EmptyDir folder) {
                Limits.size(folder.sizeLimit(), of + ".sizeLimit", "give it a size like 100g", problems);
            } else if (disk instanceof LocalDisk.Claim claim) {
                Limits.notBlank(claim.storageClass(), of + ".storageClass", problems);
                Limits.size(Optional.of(claim.size()), of + ".size", "give it a size like 100g", problems);
            }
        }
    }

    private static void checkMountPath(String path, String of, List<Problem> problems) {
        if (!path.startsWith("/") || path.length() == 1) {
            problems.add(new Problem(of, "'" + path + "' is not an absolute path", "mount it like /data1"));
        } else if (Stream.of("/mnt", "/tmp", "/home/hadoop", "/var/log/spark", "/var/log/fluentd")
                .anyMatch(reserved -> (path + "/").startsWith(reserved + "/"))) {
            problems.add(new Problem(of, "'" + path + "' is where EMR mounts its own volumes", "mount it like /data1"));
        }
    }

    private static String quantity(MemorySize size) {
        return size.mebibytes() + "Mi";
    }
}
