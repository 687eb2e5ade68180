// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a calibration cache of ONNX Runtime: what they hold, or one sentence. */
class OnnxRuntimeCacheFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead("table", content, AnyFile.as(CalibrationFormat.ONNXRUNTIME_CACHE));
    }
}
