// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLeftoversTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Path left(String name, Duration age, String... files) throws IOException {
        Path left = Files.createDirectories(folder.resolve(name));
        for (String file : files) {
            Files.writeString(left.resolve(file), "library");
        }
        return Files.setLastModifiedTime(left, FileTime.from(NOW.minus(age)));
    }

    @Test
    void onlyWhatNoProcessCanNeedIsDeleted() throws IOException {
        String library = System.mapLibraryName("onnxruntime");
        Duration old = Duration.ofHours(2);
        left("onnxruntime-java1", old);
        left("onnxruntime-java2", old, library, System.mapLibraryName("onnxruntime4j_jni"));
        left("onnxruntime-java3", Duration.ofMinutes(59), library);
        left("onnxruntime-java4", old, library, System.mapLibraryName("onnxruntime_providers_cuda"));
        left("onnxruntime-java5", old, "mine.txt");
        left("onnxruntime-java", old, library);
        left("onnxruntime-javadoc", old, library);
        Path target = left("target", old, library);
        Files.createSymbolicLink(folder.resolve("onnxruntime-java6"), target);
        Files.writeString(folder.resolve("onnxruntime-java7"), "a file");
        Files.setLastModifiedTime(folder.resolve("onnxruntime-java7"), FileTime.from(NOW.minus(old)));
        Files.createDirectories(left("onnxruntime-java8", old).resolve(library));
        Files.setLastModifiedTime(folder.resolve("onnxruntime-java8"), FileTime.from(NOW.minus(old)));

        NativeLeftovers.delete(folder, NOW);

        try (Stream<Path> names = Files.list(folder)) {
            assertEquals(
                    new TreeSet<>(Set.of(
                            "onnxruntime-java3",
                            "onnxruntime-java4",
                            "onnxruntime-java5",
                            "onnxruntime-java",
                            "onnxruntime-javadoc",
                            "onnxruntime-java6",
                            "onnxruntime-java7",
                            "onnxruntime-java8",
                            "target")),
                    names.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new)));
        }
        assertTrue(Files.exists(target.resolve(library)));
        for (String kept : List.of("3", "4")) {
            assertTrue(Files.exists(folder.resolve("onnxruntime-java" + kept).resolve(library)));
        }
    }

    @Test
    void aFolderThatIsMissingIsPassedOver() {
        NativeLeftovers.delete(folder.resolve("none"), NOW);
    }
}
