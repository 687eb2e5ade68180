// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.choice.UnusableKernelException;
import dev.octant.core.internal.choice.VectorModule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** The vector kernels of a choice that this JVM can run, for tests that hold them beside their scalar twin. */
public final class Twins {
    private Twins() {}

    /** At least one kernel; where the JVM can run none, the test is reported as skipped, with the reasons. */
    public static <K> List<K> of(KernelChoice<K> choice) {
        List<K> kernels = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        for (String name : choice.candidates()) {
            try {
                kernels.add(VectorModule.load(name, choice.scalar()));
            } catch (UnusableKernelException e) {
                refusals.add(e.getMessage());
            }
        }
        Assumptions.assumeFalse(kernels.isEmpty(), () -> String.join("; ", refusals));
        return kernels;
    }
}
