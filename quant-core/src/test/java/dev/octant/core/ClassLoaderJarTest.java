// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.fixtures.ClassLoaderCheck;
import org.apache.commons.lang3.Validate;
import org.junit.jupiter.api.Test;

/** What {@link ClassLoaderTest} asks, after vector kernels were tried and chosen. */
class ClassLoaderJarTest {
    /** Calls until the choices are made. */
    public static final class ChosenCalls implements Runnable {
        @Override
        public void run() {
            TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.INT8, 0.1f, 3));
            try {
                VectorKernels.warmUp(() -> quantizer.quantize(Memory.DIRECT.floats(100), Memory.DIRECT.bytes(100)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void choicesThatWereMadeKeepNoLoader() {
        ClassLoaderCheck.check(5, Runnable::run, ChosenCalls.class, TensorQuantizer.class, Validate.class);
    }

    /** The probes are under way, or have not begun, when their class loader is dropped. */
    @Test
    void choicesThatAreBeingMadeKeepNoLoader() {
        ClassLoaderCheck.check(2, Runnable::run, BufferCalls.class, TensorQuantizer.class, Validate.class);
    }
}
