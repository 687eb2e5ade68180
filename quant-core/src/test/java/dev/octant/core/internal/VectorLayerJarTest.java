// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.octant.core.VectorKernels;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.choice.Trial;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user of the packaged jar gets. */
class VectorLayerJarTest {
    @BeforeAll
    static void runsAgainstTheJar() {
        String place = KernelChoice.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();
        assertTrue(place.endsWith(".jar"), place);
    }

    static List<? extends Arguments> choices() {
        return Kernels.all().stream()
                .map(choice -> argumentSet(choice.name(), choice))
                .toList();
    }

    /** So that a kernel misnamed, or left out of the jar, does not pass as slow. */
    @ParameterizedTest
    @MethodSource("choices")
    void everyCandidateIsFoundOnNewJdks(KernelChoice<?> choice) throws ReflectiveOperationException {
        Assumptions.assumeTrue(Runtime.version().feature() >= 25, "vector kernels need JDK 25");
        Assumptions.assumeTrue(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "the module was not asked for");
        for (String name : choice.candidates()) {
            // Not initialized: a class may refuse vectors narrower than its own when it is.
            Class<?> scalar = choice.scalar().getClass();
            Class<?> kernel = Class.forName(scalar.getPackageName() + "." + name, false, scalar.getClassLoader());
            // It is made from another package; a constructor that is not public would only look like a slow kernel.
            assertTrue(Modifier.isPublic(kernel.getModifiers()), kernel + " must be public");
            assertTrue(
                    Modifier.isPublic(kernel.getDeclaredConstructor().getModifiers()),
                    kernel + " must have a public constructor");
            for (Class<?> kind : scalar.getInterfaces()) {
                assertTrue(kind.isAssignableFrom(kernel), kernel + " must be a " + kind);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("choices")
    <K> void everyCandidateThatRunsHereWritesWhatTheTrialExpects(KernelChoice<K> choice) {
        for (K kernel : Twins.of(choice)) {
            Trial<K> trial = choice.trial();
            trial.run(choice.scalar());
            Object expected = trial.output();
            trial.run(kernel);
            assertTrue(
                    Objects.deepEquals(expected, trial.output()),
                    kernel.getClass().getSimpleName());
        }
    }

    @Test
    void warmUpDecidesEverythingButForLayers() throws InterruptedException {
        VectorKernels.warmUp();
        List<KernelChoice<?>> choices = Kernels.withoutLayers();
        assertFalse(choices.isEmpty());
        assertEquals(
                List.of(),
                choices.stream().filter(choice -> !choice.isDecided()).toList());
    }
}
