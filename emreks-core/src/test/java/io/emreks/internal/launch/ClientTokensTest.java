package io.emreks.internal.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

@NullMarked
class ClientTokensTest {
    private static final String CLUSTER = "580dfmy1wqym1dz7nkksxhzpp";

    /** Other versions and other processes work out these very tokens; they must never change. */
    @Test
    void tokensAreAWireContract() {
        Lineage orders = new Lineage("orders-service", "orders-migration/2026-11-22", true);
        assertThat(ClientTokens.first(orders, CLUSTER))
                .isEqualTo("emreks1-f664e64c48a5ed02973ba58860b35755b5e52a06d1f8b31c");
        assertThat(ClientTokens.following(orders, CLUSTER, "0000000378nc2aque5r"))
                .isEqualTo("emreks1-4dc6ca025190779e5355038b501150ac55ded790418f7fbd");
        assertThat(ClientTokens.first(new Lineage("größe", "ключ \uD83D\uDD11", true), CLUSTER))
                .isEqualTo("emreks1-06277d5d03378ea0d5c35ee2226cedb0d6d2064ffc50d4d2");
    }

    /** The parts of a token; the predecessor is empty for a first run. */
    private record Parts(String owner, String cluster, String key, String predecessor) {
        String token() {
            Lineage lineage = new Lineage(owner, key, true);
            return predecessor.isEmpty()
                    ? ClientTokens.first(lineage, cluster)
                    : ClientTokens.following(lineage, cluster, predecessor);
        }
    }

    @Provide
    Arbitrary<Parts> parts() {
        Arbitrary<String> hostile = Arbitraries.oneOf(
                Arbitraries.of(
                        "", "a", "ab", "b", "first", "follows:", "follows:a", "emreks1", "\0", "a\0", "\0a", "\n"),
                Arbitraries.strings().withCharRange('\0', '\u02ff').ofMaxLength(4));
        return Combinators.combine(hostile, hostile, hostile, hostile).as(Parts::new);
    }

    @Property
    void differentPartsGiveDifferentTokens(@ForAll("parts") Parts one, @ForAll("parts") Parts other) {
        assertThat(one.token().equals(other.token())).isEqualTo(one.equals(other));
    }

    /** Moving characters from one part to its neighbour is what a careless join of the parts would not notice. */
    @Property
    void partsDoNotRunIntoEachOther(@ForAll("parts") Parts parts) {
        String all = parts.owner + parts.cluster + parts.key + parts.predecessor;
        List<Parts> cuts = new ArrayList<>();
        for (int i = 0; i <= all.length(); i++) {
            cuts.add(new Parts(all.substring(0, i), "", all.substring(i), ""));
            cuts.add(new Parts(all.substring(0, i), all.substring(i), "", ""));
            cuts.add(new Parts("", "", all.substring(0, i), all.substring(i)));
        }
        List<Parts> distinct = cuts.stream().distinct().toList();
        assertThat(distinct.stream().map(Parts::token).distinct()).hasSameSizeAs(distinct);
    }

    /** Service model, {@code ClientToken}: 1 to 64 characters. */
    @Property
    void tokensFitTheService(@ForAll("parts") Parts parts) {
        assertThat(parts.token()).matches("emreks1-[0-9a-f]{48}").hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void whatHasNoKeyIsLikeNothingElse() {
        SplittableRandom random = new SplittableRandom(1);
        Lineage one = Lineage.unkeyed("owner", random);
        Lineage other = Lineage.unkeyed("owner", random);
        assertThat(one.keyed()).isFalse();
        assertThat(one.owner()).isEqualTo("owner");
        assertThat(one.key()).matches("[0-9a-f]{32}").isNotEqualTo(other.key());
    }
}
