// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.fixtures.ClassLoaderCheck;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.lang3.Validate;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A server can unload an application that has used the library on the server's threads. */
class ClassLoaderTest {
    @Test
    void aThreadThatLivesOnKeepsNoLoader() {
        ClassLoaderCheck.check(20, Runnable::run, BufferCalls.class, TensorQuantizer.class, Validate.class);
    }

    @Test
    void aVirtualThreadThatLivesOnKeepsNoLoader() {
        Assumptions.assumeTrue(VirtualThreads.EXIST, "virtual threads need JDK 21");
        ExecutorService thread = Executors.newSingleThreadExecutor(VirtualThreads.factory());
        try {
            ClassLoaderCheck.check(20, thread, BufferCalls.class, TensorQuantizer.class, Validate.class);
        } finally {
            thread.shutdown();
        }
    }
}
