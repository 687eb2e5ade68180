// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a .csv and a .tsv: what they hold, or one sentence. */
class CsvFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead("a.csv", content, AnyFile::asTensors);
        AnyFile.isRead("a.tsv", content, AnyFile::asTensors);
    }
}
