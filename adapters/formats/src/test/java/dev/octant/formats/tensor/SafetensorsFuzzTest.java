// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a .safetensors: what they hold, or one sentence. */
class SafetensorsFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead("a.safetensors", content, AnyFile::asTensors);
    }
}
