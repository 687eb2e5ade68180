// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import org.junit.jupiter.api.BeforeAll;

/** What {@link IntegerAllocationTest} asks, of the kernels that are chosen on this machine. */
class VectorIntegerAllocationJarTest extends IntegerAllocationTest {
    @BeforeAll
    static void choose() throws InterruptedException {
        VectorKernels.warmUp();
    }
}
