package io.emreks.testing.server;

import java.nio.file.Path;
import java.util.List;

/** The server as it is built, after the build of its jar. */
class ServerJarTest extends ServerContract {
    @Override
    List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "emreks-testing-server.jar").toAbsolutePath().toString());
    }
}
