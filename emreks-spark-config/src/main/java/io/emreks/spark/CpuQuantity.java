package io.emreks.spark;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of CPU in thousandths of a core, the finest that Kubernetes gives a container (Kubernetes documentation,
 * "Resource Management for Pods and Containers").
 *
 * @param millicores the amount in thousandths of a core, 0 or more
 */
public record CpuQuantity(long millicores) implements Comparable<CpuQuantity> {
    /** No CPU at all. */
    public static final CpuQuantity ZERO = new CpuQuantity(0);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,3})?)(m?)");
    private static final int MILLICORES_PER_CORE = 1000;

    /**
     * Makes an amount.
     *
     * @throws IllegalArgumentException if {@code millicores} is negative
     */
    public CpuQuantity {
        if (millicores < 0) {
            throw new IllegalArgumentException("an amount of CPU cannot be negative: " + millicores + "m");
        }
    }

    /**
     * That many whole cores.
     *
     * @throws IllegalArgumentException if {@code cores} is negative
     */
    public static CpuQuantity ofCores(int cores) {
        return new CpuQuantity((long) cores * MILLICORES_PER_CORE);
    }

    /**
     * Reads an amount as Kubernetes writes it: cores like {@code 4} or {@code 3.9}, or thousandths like {@code 3900m}.
     * Parts of a thousandth are rounded up, as Kubernetes does.
     *
     * @throws IllegalArgumentException if the text has not that form
     */
    public static CpuQuantity parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a CPU quantity of Kubernetes; write cores like"
                    + " 4 or 3.9, or thousandths of a core like 3900m");
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        BigDecimal millicores = matcher.group(2).isEmpty() ? number.movePointRight(3) : number;
        return new CpuQuantity(millicores.setScale(0, RoundingMode.CEILING).longValueExact());
    }

    /** This amount and another one. */
    public CpuQuantity plus(CpuQuantity other) {
        return new CpuQuantity(Math.addExact(millicores, other.millicores));
    }

    @Override
    public int compareTo(CpuQuantity other) {
        return Long.compare(millicores, other.millicores);
    }

    /** The amount as Kubernetes takes it: whole cores like {@code 4}, else thousandths like {@code 3900m}. */
    @Override
    public String toString() {
        return millicores % MILLICORES_PER_CORE == 0 ? millicores / MILLICORES_PER_CORE + "" : millicores + "m";
    }
}
