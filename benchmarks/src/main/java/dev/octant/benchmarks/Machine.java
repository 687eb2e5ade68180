// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a measurement was made on. Immutable and thread safe.
 *
 * @param cpu the model, or the architecture where the system does not say
 * @param processors how many the JVM may use
 * @param os name of the operating system
 * @param jdk name and version of the JVM
 */
record Machine(String cpu, int processors, String os, String jdk) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    static Machine current() throws IOException {
        List<String> lines = Files.isReadable(CPU_INFO) ? Files.readAllLines(CPU_INFO) : List.of();
        return new Machine(
                cpu(lines, System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("java.vm.vendor") + " " + System.getProperty("java.runtime.version"));
    }

    /** The model in the lines of {@code /proc/cpuinfo}, or {@code otherwise} where they name none. */
    static String cpu(List<String> lines, String otherwise) {
        return lines.stream()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(otherwise);
    }

    @Override
    public String toString() {
        return cpu + ", " + processors + " processors, " + os + "; JDK: " + jdk;
    }
}
