// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.octant.formats.AnyFile;
import java.io.IOException;

/** Any bytes as a table whose format is not known: what they hold, or one sentence. */
class CalibrationFormatFuzzTest {
    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        AnyFile.isRead(
                "table",
                content,
                file -> AnyFile.as(CalibrationFormat.ofContent(file)).read(file));
    }
}
