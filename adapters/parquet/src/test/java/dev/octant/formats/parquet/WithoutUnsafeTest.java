// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorSelection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/** A JVM that denies sun.misc.Unsafe, as later ones will: compressed columns are refused in one sentence. */
class WithoutUnsafeTest {
    /** Reads a file in the JVM of the test below. */
    public static void main(String[] args) throws IOException {
        try {
            new ParquetFormat()
                    .open(Path.of(args[0]), TensorSelection.ALL)
                    .parts()
                    .get(0)
                    .read((tensor, block, offset, length) -> true);
            System.out.print("read");
        } catch (FormatException e) {
            System.out.print(e.getMessage());
        }
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void compressedColumnsAreRefusedInOneSentence(@TempDir Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("a.parquet");
        for (ParquetBytes.Codec codec : ParquetBytes.READABLE) {
            Files.write(
                    file,
                    new ParquetBytes()
                            .codec(codec)
                            .file(List.of(new ParquetBytes.Column(
                                    "a", ParquetBytes.Type.FLOAT, ParquetBytes.Kind.REQUIRED, List.of(List.of(1.0))))));
            boolean needsUnsafe = codec != ParquetBytes.Codec.UNCOMPRESSED && codec != ParquetBytes.Codec.GZIP;
            String sentence = file + ", row group 0: column a must be decompressed, for which " + codec
                    + " takes the flag --sun-misc-unsafe-memory-access=allow on JDK "
                    + Runtime.version().feature() + ", was without it";
            assertEquals(needsUnsafe ? sentence : "read", run(file));
        }
    }

    private static String run(Path file) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--sun-misc-unsafe-memory-access=deny",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithoutUnsafeTest.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        return out;
    }
}
