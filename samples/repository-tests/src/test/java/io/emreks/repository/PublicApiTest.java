package io.emreks.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/**
 * Every package of the published modules is {@code @NullMarked}; every public package, type and method has Javadoc,
 * methods that override one apart.
 */
class PublicApiTest {

    @Test
    void whatIsPublicHasJavadocAndPackagesAreNullMarked() throws IOException {
        try (StandardJavaFileManager files =
                ToolProvider.getSystemJavaCompiler().getStandardFileManager(null, null, null)) {
            PublicApi api = PublicApi.of(files.getJavaFileObjectsFromPaths(Repository.publishedSources()));

            assertThat(api.types())
                    .contains(
                            "io.emreks.spark.SparkJob.Builder",
                            "io.emreks.podtemplate.PodTemplate",
                            "io.emreks.client.EmrEksClient",
                            "io.emreks.event.JobRunEvent.Ended",
                            "io.emreks.testing.service.FakeEmrEks",
                            "io.emreks.testing.EmrEksTest")
                    .noneMatch(name -> name.contains(".internal."));
            assertThat(api.problems()).isEmpty();
        }
    }

    @Test
    void seesWhatIsMissing() throws IOException {
        PublicApi api = PublicApi.of(Stream.of(
                        "package a; public interface A { /** B. */ class B {} class C {} }",
                        "package a; class Hidden { public static class Unreachable {} }",
                        "package a; /** D. */ public interface I { int j(); /** K. */ int k(); private int l() { return 1; } }",
                        "package a; /** M. */ public class M { public M() {} @Override public String toString() { return \"\"; } void n() {} }",
                        "package a; /** D. */ public class D { protected static class E {} static class F {} }",
                        "package a.internal.b; public class G {}")
                .map(PublicApiTest::source)
                .toList());

        assertThat(api.problems())
                .containsExactlyInAnyOrder(
                        "a.A has no Javadoc",
                        "a.A.C has no Javadoc",
                        "a.D.E has no Javadoc",
                        "a.I.j has no Javadoc",
                        "a.M.<init> has no Javadoc",
                        "a has no package-info.java with @NullMarked",
                        "a.internal.b has no package-info.java with @NullMarked");
    }

    @Test
    void takesWhatIsThere() throws IOException {
        PublicApi api = PublicApi.of(List.of(
                source("package-info", "/** A. */ @NullMarked package a; import org.jspecify.annotations.NullMarked;"),
                source("/** A. */ package a; /** B. */ public record B(int c) {}")));

        assertThat(api.types()).containsExactly("a.B");
        assertThat(api.problems()).isEmpty();
    }

    private static JavaFileObject source(String text) {
        return source("Some", text);
    }

    private static JavaFileObject source(String name, String text) {
        return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return text;
            }
        };
    }
}
