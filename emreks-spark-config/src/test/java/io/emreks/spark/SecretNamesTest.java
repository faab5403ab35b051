package io.emreks.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "spark.ssl.keyPassword",
                "spark.hadoop.fs.s3a.secret.key",
                "spark.hadoop.fs.s3a.access.key",
                "spark.executorEnv.AWS_SECRET_ACCESS_KEY",
                "spark.kubernetes.driverEnv.AWS_SESSION_TOKEN",
                "javax.jdo.option.ConnectionPassword",
                "x.api-key",
                "x.APIKey",
                "x.apikey",
                "private_key_pem",
                "spark.my.authToken",
                "DB_PASSWORD2",
                "secret",
                "client.credentials",
            })
    void hides(String name) {
        assertThat(SecretNames.isSecret(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hoodie.datasource.write.recordkey.field",
                "hoodie.record.key",
                "hoodie.datasource.write.keygenerator.class",
                "primary.key",
                "clientToken",
                "client.token",
                "page.token",
                "secretary",
                "passwordless.sudo",
                "spark.executor.memory",
                "accessory.key",
                "spark.access.log.key",
                "max.tokens",
            })
    void shows(String name) {
        assertThat(SecretNames.isSecret(name)).isFalse();
    }

    @Property
    void hidesSecretWordsInEveryStyleAndPlace(
            @ForAll("plainWords") List<String> before,
            @ForAll("secretWords") List<String> secret,
            @ForAll("plainWords") List<String> after,
            @ForAll("styles") Style style) {
        List<String> words =
                Stream.of(before, secret, after).flatMap(List::stream).toList();
        assertThat(SecretNames.isSecret(style.write(words))).isTrue();
    }

    @Property
    void showsNamesWithoutSecretWords(@ForAll("plainWords") List<String> words, @ForAll("styles") Style style) {
        assertThat(SecretNames.isSecret(style.write(words))).isFalse();
    }

    @Provide
    Arbitrary<List<String>> plainWords() {
        return Arbitraries.of("spark", "record", "key", "client", "token", "keygen", "passworded", "unsecret", "path")
                .list()
                .ofMaxSize(4);
    }

    @Provide
    Arbitrary<List<String>> secretWords() {
        return Arbitraries.of(
                List.of("password"),
                List.of("secret"),
                List.of("credential"),
                List.of("credentials"),
                List.of("access", "key"),
                List.of("private", "key"),
                List.of("api", "key"),
                List.of("session", "token"),
                List.of("auth", "token"));
    }

    @Provide
    Arbitrary<Style> styles() {
        return Arbitraries.of(Style.class);
    }

    enum Style {
        DOTS,
        DASHES,
        UNDERSCORES,
        CONSTANT,
        CAMEL;

        String write(List<String> words) {
            return switch (this) {
                case DOTS -> String.join(".", words);
                case DASHES -> String.join("-", words);
                case UNDERSCORES -> String.join("_", words);
                case CONSTANT -> String.join("_", words).toUpperCase(Locale.ROOT);
                case CAMEL ->
                    words.stream()
                            .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                            .collect(Collectors.joining());
            };
        }
    }

    @Test
    void javaOptionsMayHoldASecret() {
        String key = "spark.driver.extraJavaOptions";
        assertThat(SecretNames.isSecret(key, "-Xss1m -Djavax.net.ssl.keyStorePassword=hunter2"))
                .isTrue();
        assertThat(SecretNames.isSecret(key, "-Dkey=a -XX:+UseG1GC")).isFalse();
        assertThat(SecretNames.isSecret("spark.app.name", "-Dpassword=x")).isFalse();
        assertThat(SecretNames.isSecret("spark.x.password", "")).isTrue();
        SparkJob job = SparkJob.builder()
                .driver(DriverTuning.builder().javaOptions("-Dpassword=hunter2").build())
                .build();
        assertThat(job.toString()).contains(key + "=***").doesNotContain("hunter2");
    }
}
