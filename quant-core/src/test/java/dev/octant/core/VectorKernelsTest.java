// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.choice.KernelChoice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class VectorKernelsTest {
    @Test
    void warmUpMakesEveryChoiceAndSaysWhy() throws InterruptedException {
        VectorKernels.warmUp();
        List<VectorKernels.Choice> choices = VectorKernels.choices();
        assertEquals(
                Kernels.all().stream().map(KernelChoice::name).toList(),
                choices.stream().map(VectorKernels.Choice::name).toList());
        for (VectorKernels.Choice choice : choices) {
            assertEquals(reason(choice.name()), choice.reason());
        }
        for (KernelChoice<?> choice : Kernels.withoutLayers()) {
            assertTrue(choice.isDecided(), choice.name());
        }
    }

    private static String reason(String name) {
        return Kernels.all().stream()
                .filter(choice -> choice.name().equals(name))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void warmUpOfACallMakesTheCallOnce() throws InterruptedException {
        List<String> calls = new ArrayList<>();
        VectorKernels.warmUp(() -> calls.add(Kernels.LARGEST.current().toString()));
        assertEquals(1, calls.size());
        for (KernelChoice<?> choice : Kernels.all()) {
            assertEquals(choice.isBegun(), choice.isDecided(), choice.name());
        }
        assertTrue(Kernels.LARGEST.isDecided());
    }
}
