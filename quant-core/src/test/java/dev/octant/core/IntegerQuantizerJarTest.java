// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What {@link IntegerQuantizerTest} asks, of the kernels that are chosen on this machine. */
@Tag("exhaustive")
class IntegerQuantizerJarTest extends IntegerQuantizerTest {
    @BeforeAll
    static void choose() throws InterruptedException {
        VectorKernels.warmUp();
    }
}
