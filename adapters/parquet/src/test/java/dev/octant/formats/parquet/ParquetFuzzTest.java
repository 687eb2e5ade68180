// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

/** Any bytes as a file: values or a sentence, and no more memory than promised. */
class ParquetFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        Reading.check(content);
    }
}
