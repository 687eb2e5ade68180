// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What the jar {@code all} holds, and the thin one beside it. */
class AllJarTest {
    private static JarFile all() throws IOException {
        return new JarFile(System.getProperty("octant.all"));
    }

    /** Nor has it a class that Spark may have: all are ours by their names. */
    @Test
    void everyClassIsOurs() throws IOException {
        try (JarFile jar = all()) {
            List<String> others = jar.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> name.replaceFirst("^META-INF/versions/[0-9]+/", ""))
                    .filter(name -> !name.startsWith("dev/octant/"))
                    .toList();
            assertEquals(List.of(), others);
            for (String shaded : List.of(
                    "lang3/Validate", "jackson/core/JsonParser", "fastcsv/reader/CsvReader", "flatbuffers/Table")) {
                assertNotNull(jar.getEntry("dev/octant/spark/shaded/" + shaded + ".class"), shaded);
            }
        }
    }

    /** Nor ONNX Runtime, nor what needs it: who calibrates models brings them. */
    @Test
    void modelsAreNotThere() throws IOException {
        try (JarFile jar = all()) {
            assertNotNull(jar.getEntry("dev/octant/spark/ModelSummaries.class"));
            assertNull(jar.getEntry("dev/octant/onnx/OnnxModel.class"));
            assertNull(jar.getEntry("dev/octant/layers/MatrixProduct.class"));
        }
    }

    @Test
    void theLayerOfTheVectorKernelsIsThere() throws IOException {
        try (JarFile jar = all()) {
            assertEquals("true", jar.getManifest().getMainAttributes().getValue("Multi-Release"));
            assertTrue(jar.stream()
                    .anyMatch(entry -> entry.getName()
                            .matches("META-INF/versions/25/dev/octant/core/internal/.*CountBins512\\.class")));
        }
    }

    @Test
    void servicesNameWhatIsThere() throws IOException {
        try (JarFile jar = all()) {
            int found = 0;
            for (JarEntry entry : jar.stream()
                    .filter(e -> e.getName().startsWith("META-INF/services/") && !e.isDirectory())
                    .toList()) {
                String text = new String(jar.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
                for (String line : text.lines()
                        .map(line -> line.replaceFirst("#.*", "").strip())
                        .filter(line -> !line.isEmpty())
                        .toList()) {
                    assertNotNull(jar.getEntry(line.replace('.', '/') + ".class"), entry.getName() + ": " + line);
                    found++;
                }
            }
            assertTrue(found >= 1, "no service");
            assertNotNull(jar.getEntry("META-INF/services/org.apache.spark.sql.SparkSessionExtensionsProvider"));
        }
    }

    @Test
    void licencesAreThere() throws IOException {
        try (JarFile jar = all()) {
            assertNotNull(jar.getEntry("META-INF/LICENSE"));
            String notice = new String(
                    jar.getInputStream(jar.getEntry("META-INF/NOTICE")).readAllBytes(), StandardCharsets.UTF_8);
            for (String holder : List.of("Octant", "Apache Commons Lang", "Jackson")) {
                assertTrue(notice.contains(holder), holder + ": " + notice);
            }
        }
    }

    @Test
    void theThinJarHasThisModuleOnly() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("octant.thin"))) {
            assertEquals(
                    List.of(),
                    jar.stream()
                            .map(JarEntry::getName)
                            .filter(name -> name.endsWith(".class") && !name.startsWith("dev/octant/spark/"))
                            .toList());
        }
    }
}
