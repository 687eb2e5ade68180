// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line in a JVM of its own, which can be killed. */
final class Child {
    private final Process process;
    private final Path err;

    private Child(Process process, Path err) {
        this.process = process;
        this.err = err;
    }

    /** Starts it with the classes under test; what it says on stderr goes to {@code err}. */
    static Child start(Path err, List<String> jvm, Object... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        // Surefire hides the class path in the manifest of a jar, and states it here.
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classes, Octant.class.getName()));
        for (Object word : words) {
            command.add(word.toString());
        }
        return new Child(
                new ProcessBuilder(command)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(err.toFile())
                        .start(),
                err);
    }

    /** Waits for its end; the exit code. */
    int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** Whether it has ended within this time. */
    boolean endsWithin(long millis) throws InterruptedException {
        return process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /** The most memory it has had resident so far, in KiB; 0 where the system does not tell. */
    long peakKib() throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        try (InputStream in = Files.newInputStream(status)) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
