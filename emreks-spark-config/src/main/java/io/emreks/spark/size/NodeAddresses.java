package io.emreks.spark.size;

/**
 * What a node takes from its subnet.
 *
 * @param enis its network interfaces
 * @param addresses the IPv4 addresses of all of them, those of the interfaces themselves included
 */
public record NodeAddresses(int enis, int addresses) {
    static final int PREFIX = 16;

    static NodeAddresses ofPrefixes(int eniLimit, int ipv4PerEni, int wanted) {
        int usable = ipv4PerEni - 1;
        int prefixes = Math.min(eniLimit * usable, wanted);
        int enis = Math.max(1, ceil(prefixes, usable));
        return new NodeAddresses(enis, prefixes * PREFIX + enis);
    }

    static int ceil(int dividend, int divisor) {
        return dividend / divisor + (dividend % divisor == 0 ? 0 : 1);
    }

    static void checkNotNegative(int... numbers) {
        for (int number : numbers) {
            if (number < 0) {
                throw new IllegalArgumentException("a target of addresses is 0 or more, not " + number);
            }
        }
    }
}
