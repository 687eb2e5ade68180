// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a .npy: what they hold, or one sentence. */
class NpyFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead("a.npy", content, AnyFile::asTensors);
        AnyFile.isRead("a.npy", content, AnyFile::asArrays);
    }
}
