// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import dev.octant.fixtures.ClassLoaderCheck;
import org.apache.commons.lang3.Validate;
import org.junit.jupiter.api.Test;

/** A server can unload an application that has used the library on the server's threads. */
class ClassLoaderTest {
    @Test
    void aThreadThatLivesOnKeepsNoLoader() {
        ClassLoaderCheck.check(
                20, Runnable::run, BufferCalls.class, LookupTable.class, QuantParams.class, Validate.class);
    }
}
