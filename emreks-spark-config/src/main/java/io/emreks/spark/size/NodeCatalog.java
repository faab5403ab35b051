package io.emreks.spark.size;

import io.emreks.spark.CpuQuantity;
import io.emreks.spark.MemorySize;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The EC2 instance types that this version of the library knows, with what Karpenter computes for them and their
 * on-demand prices in us-east-1 of 2026-07-20. Sources: aws/karpenter-provider-aws (instance types, allocatable),
 * amazon-vpc-cni-k8s (interfaces and addresses), awslabs/amazon-eks-ami (pods), EC2 price list.
 */
public final class NodeCatalog {
    private static final String FILE = "ec2-instance-types.csv";
    private static final int TYPE = 0;
    private static final int ARCH = 1;
    private static final int VCPU = 2;
    private static final int MEMORY = 3;
    private static final int NVME = 4;
    private static final int CPU_ALLOCATABLE = 5;
    private static final int MEMORY_ALLOCATABLE = 6;
    private static final int MAX_PODS = 8;
    private static final int ENIS = 9;
    private static final int IPV4 = 10;
    private static final int DEFAULT_CARD = 11;
    private static final int GPUS = 13;
    private static final int PRICE = 14;

    private NodeCatalog() {}

    /** All types in the order of the data. */
    public static Collection<NodeType> all() {
        return Types.BY_NAME.values();
    }

    /** The type of that name, such as {@code m7g.4xlarge}, if it is known. */
    public static Optional<NodeType> find(String name) {
        return Optional.ofNullable(Types.BY_NAME.get(name));
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException if it is not known; make one with {@link NodeType#of} then
     */
    public static NodeType get(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("'" + name + "' is no EC2 instance type that this"
                        + " version knows; write it like m7g.4xlarge, or describe it with NodeType.of(…)"));
    }

    /**
     * The types of that architecture without GPUs and with a known price that hold such a pod, the cheapest for each
     * pod first.
     */
    public static List<NodeType> holding(PodSize pod, CpuArchitecture architecture, NodeReserve reserve) {
        return all().stream()
                .filter(type -> type.architecture() == architecture && type.gpus() == 0)
                .filter(type -> type.onDemandUsdPerHour().isPresent() && type.fits(pod, reserve) > 0)
                .sorted(Comparator.comparingDouble(
                                (NodeType type) -> type.onDemandUsdPerHour().getAsDouble() / type.fits(pod, reserve))
                        .thenComparing(NodeType::name))
                .toList();
    }

    /** Read once, when first asked. */
    private static final class Types {
        private static final Map<String, NodeType> BY_NAME = read();

        private Types() {}

        private static Map<String, NodeType> read() {
            InputStream resource = Objects.requireNonNull(NodeCatalog.class.getResourceAsStream(FILE), FILE);
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
                Map<String, NodeType> types = new LinkedHashMap<>();
                List<String> rows = new ArrayList<>(lines.lines().toList());
                rows.remove(0);
                rows.forEach(row -> {
                    NodeType type = type(row.split(",", -1));
                    types.put(type.name(), type);
                });
                return Collections.unmodifiableMap(types);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static NodeType type(String[] row) {
            return new NodeType(
                    row[TYPE],
                    row[ARCH].equals("arm64") ? CpuArchitecture.ARM64 : CpuArchitecture.AMD64,
                    number(row[VCPU]),
                    MemorySize.ofMebibytes(number(row[MEMORY])),
                    number(row[NVME]),
                    new CpuQuantity(number(row[CPU_ALLOCATABLE])),
                    MemorySize.ofMebibytes(number(row[MEMORY_ALLOCATABLE])),
                    number(row[MAX_PODS]),
                    row[DEFAULT_CARD].isEmpty() ? number(row[ENIS]) : number(row[DEFAULT_CARD]),
                    number(row[IPV4]),
                    number(row[GPUS]),
                    row[PRICE].isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(row[PRICE])));
        }

        private static int number(String cell) {
            return cell.isEmpty() ? 0 : (int) Double.parseDouble(cell);
        }
    }
}
