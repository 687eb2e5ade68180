// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a .npz: what they hold, or one sentence. */
class NpzFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead("a.npz", content, AnyFile::asTensors);
        AnyFile.isRead("a.npz", content, AnyFile::asArrays);
    }
}
