package dev.octant.core.kernel;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.VectorKernels;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KernelChoiceTest {
    private String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(VectorMode.PROPERTY);
        System.clearProperty(VectorMode.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(VectorMode.PROPERTY);
        } else {
            System.setProperty(VectorMode.PROPERTY, before);
        }
    }

    @Test
    void nothingIsTriedBeforeSomebodyAsks() {
        KernelChoice<TableKernel> choice = missing();
        assertFalse(choice.isBegun());
        assertFalse(choice.isDecided());
        assertEquals("scalar: not asked for yet", choice.reason());
        choice.current();
        assertTrue(choice.isBegun());
    }

    @Test
    void aKernelThatCannotBeLoadedLeavesTheScalarLoopAndSaysWhy() throws InterruptedException {
        KernelChoice<TableKernel> choice = missing();
        choice.await();
        assertSame(choice.scalar(), choice.current());
        assertTrue(choice.isDecided());
        assertTrue(choice.reason().startsWith("scalar: "), choice.reason());
        assertFalse(choice.reason().contains("being tried"), choice.reason());
    }

    @Test
    void offTriesNothing() {
        System.setProperty(VectorMode.PROPERTY, "off");
        KernelChoice<TableKernel> choice = missing();
        assertSame(choice.scalar(), choice.current());
        assertTrue(choice.isDecided());
        assertEquals("scalar: octant.vector=off", choice.reason());
    }

    @Test
    void onIsAnErrorWhereNoVectorKernelCanBeUsed() {
        System.setProperty(VectorMode.PROPERTY, "on");
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> missing().current());
        assertTrue(
                e.getMessage().startsWith("vector kernel for table must be usable where octant.vector=on, was not: "),
                e.getMessage());
    }

    @Test
    void warmUpWaitsForWhatTheCallNeeds() throws InterruptedException {
        VectorKernels.warmUp(() -> Kernels.TABLE.current());
        assertTrue(Kernels.TABLE.isDecided());
    }

    /** A trial that cannot be made would leave the scalar loop without a word but its reason. */
    @Test
    void everyTrialCanBeMade() {
        for (KernelChoice<?> choice : Kernels.all()) {
            assertDoesNotThrow(choice::trial, choice.name());
        }
    }

    @Test
    void anotherWordIsAnError() {
        System.setProperty(VectorMode.PROPERTY, "yes");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> missing().current());
        assertEquals("system property octant.vector must be auto, on or off, was 'yes'", e.getMessage());
    }

    private static KernelChoice<TableKernel> missing() {
        return new KernelChoice<>("table", new ScalarTable(), TableTrial::new, "NoSuchKernel");
    }
}
