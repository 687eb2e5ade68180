// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** What {@link DynamicQuantizerTest} asks, of the kernels that are chosen on this machine. */
@Tag("exhaustive")
class DynamicQuantizerJarTest extends DynamicQuantizerTest {
    @BeforeAll
    static void choose() throws InterruptedException {
        VectorKernels.warmUp();
    }
}
