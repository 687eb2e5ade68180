// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Any bytes as a summary file, as they are and with right checksums: summaries, or one sentence. */
class SummaryFileFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        Path folder = Files.createTempDirectory("octant-fuzz");
        Path file = folder.resolve("s.summary");
        try {
            AnyRunFile.isSummary(Files.write(file, content));
            AnyRunFile.isSummary(Files.write(file, Signed.of(content)));
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
    }
}
