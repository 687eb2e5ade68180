// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;

/** Any bytes as a checkpoint, as they are and with right checksums: the run goes on to its end, or one sentence. */
class CheckpointFuzzTest {
    private static AnyRunFile.Run run;

    /** Made once: the run before the checkpoint is no part of what is looked at. */
    private static synchronized AnyRunFile.Run run() throws IOException {
        if (run == null) {
            run = new AnyRunFile.Run(Files.createTempDirectory("octant-fuzz"));
        }
        return run;
    }

    @FuzzTest
    void anyBytes(byte[] content) throws IOException {
        run().goesOnFrom(content);
        run().goesOnFrom(Signed.of(content));
    }
}
