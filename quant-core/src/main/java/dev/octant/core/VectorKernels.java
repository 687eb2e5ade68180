// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.choice.VectorMode;
import dev.octant.core.internal.text.Given;
import java.util.List;

/**
 * What the hot loops are made of on this machine, and why.
 *
 * <p>Every hot loop exists as a scalar loop, which runs everywhere, and most also as a vector kernel for JDK 25
 * started with {@code --add-modules jdk.incubator.vector}. Both write the same bytes. A second after the first call
 * of a loop, a trial begins on a background thread, which takes about a second of a processor: only a vector kernel
 * that writes what the scalar loop writes and is clearly faster on a small block is called from then on. A process
 * that ends sooner has lost nothing.
 *
 * <p>The system property {@value VectorMode#PROPERTY}: {@code auto} is the default; {@code off} keeps the scalar
 * loops and tries nothing; {@code on} takes vector kernels from the first call on without timing them, and where one
 * cannot be used that call throws {@link IllegalStateException} with the reason. Any other value: {@link
 * IllegalArgumentException} at the first call.
 *
 * <p>Thread safe.
 */
public final class VectorKernels {
    private VectorKernels() {}

    /**
     * One kind of loop.
     *
     * @param name what it does: {@code table}, {@code quantize}
     * @param reason what is called now and why, one line
     * @param decided whether that is final
     */
    public record Choice(String name, String reason, boolean decided) {}

    /**
     * Makes every choice now and waits for it: for servers before their first request, and for benchmarks.
     *
     * <p>Loops that only training and layers call are left to {@link #warmUp(Runnable)}, or to their first call.
     *
     * <p>It returns in any case: where no thread can be started for the trials, or one fails, the scalar loop is the
     * choice, and {@link #choices} gives the reason. Called again, it returns at once.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the trials go on without it
     * @throws IllegalStateException with the property {@value VectorMode#PROPERTY} {@code on}, if a vector kernel
     *     cannot be used, with the reason; without that property never
     * @throws IllegalArgumentException if the property has a value that is none of {@code auto}, {@code off} and
     *     {@code on}
     */
    public static void warmUp() throws InterruptedException {
        for (KernelChoice<?> choice : Kernels.withoutLayers()) {
            choice.await();
        }
    }

    /**
     * Runs {@code call} once and waits for the choices it needs, and for all that were begun before. As {@link
     * #warmUp()} in all else.
     *
     * @throws InterruptedException if the thread is interrupted while it waits; the trials go on without it
     * @throws IllegalStateException as {@link #warmUp()}; what {@code call} throws is passed on, and nothing is
     *     waited for
     */
    public static void warmUp(Runnable call) throws InterruptedException {
        Given.require("call", call);
        call.run();
        for (KernelChoice<?> choice : Kernels.all()) {
            if (choice.isBegun()) {
                choice.await();
            }
        }
    }

    /** What is called now, loop by loop; starts nothing. */
    public static List<Choice> choices() {
        return Kernels.all().stream()
                .map(choice -> new Choice(choice.name(), choice.reason(), choice.isDecided()))
                .toList();
    }
}
