// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.binary;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.pair.AffinePairTable;
import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import dev.octant.core.internal.pair.FinePairTable;
import dev.octant.core.internal.pair.FusedSumTable;
import dev.octant.core.internal.pair.PairKernel;
import dev.octant.core.internal.pair.PairTable;
import dev.octant.core.internal.pair.ScalarPairs;
import dev.octant.core.internal.pair.SlopeTable;
import dev.octant.core.internal.pair.WholeSumTable;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;

/** A function of two codes as a table of all pairs, with the kernel that knows an arithmetic for it. */
public final class PairLoop<T extends PairTable> {
    private final T table;
    private final Supplier<PairKernel<T>> kernel;

    private PairLoop(T table, Supplier<PairKernel<T>> kernel) {
        this.table = table;
        this.kernel = kernel;
    }

    public void run(byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        kernel.get().run(table, a, aOffset, b, bOffset, dst, dstOffset, length);
    }

    /**
     * The arithmetic by which a function may be computed many at a time. What it gives is compared with all pairs
     * first.
     */
    interface Form {
        /** Empty if this arithmetic does not give exactly {@code pairs}. */
        Optional<? extends PairLoop<?>> fit(byte[] pairs, int low);
    }

    public static PairLoop<?> of(byte[] pairs, int low, Form form) {
        Optional<? extends PairLoop<?>> fitted = form.fit(pairs, low);
        if (fitted.isPresent()) {
            return fitted.get();
        }
        PairKernel<PairTable> lookups = new ScalarPairs<>();
        return new PairLoop<>(PairTable.of(pairs), () -> lookups);
    }

    static Form sums(Side left, Side right, Steps steps) {
        return (pairs, low) -> AffinePairTable.sums(pairs, left, right, steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.SUMS::current));
    }

    /** With the base of the right side; the left has none. */
    static Form fusedSums(Side left, Side right, Steps steps) {
        return (pairs, low) -> FusedSumTable.of(
                        pairs,
                        left.signed(),
                        left.scale(),
                        right.signed(),
                        right.scale(),
                        right.base(),
                        steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.FUSED_SUMS::current));
    }

    static Form wholeSums(Side left, Side right, int shift, Steps steps) {
        return (pairs, low) -> WholeSumTable.of(pairs, left, right, shift, steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.WHOLE_SUMS::current));
    }

    /** Sums that are rounded twice. */
    static Form fineSums(Side left, double leftStep, Side right, double rightStep, double nudge, Steps steps) {
        return (pairs, low) -> FinePairTable.sum(pairs, left, leftStep, right, rightStep, nudge, steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.FINE_PAIRS::current));
    }

    /** Products that are rounded twice. */
    static Form fineProducts(Side left, Side right, double step, double nudge, Steps steps) {
        return (pairs, low) -> FinePairTable.product(pairs, left, right, step, nudge, steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.FINE_PAIRS::current));
    }

    static Form products(Side left, Side right, Steps steps) {
        return (pairs, low) -> AffinePairTable.products(pairs, left, right, steps.from(low))
                .map(table -> new PairLoop<>(table, Kernels.PRODUCTS::current));
    }

    /**
     * Products of a factor by the raw byte of the first code, which may have been rounded further on, and the second.
     */
    static Form gates(double[] factors, Side right, Steps steps) {
        double step = right.scale() / (double) steps.divisor();
        double[] slopes = DoubleStream.of(factors).map(factor -> factor * step).toArray();
        return (pairs, low) -> SlopeTable.lines(pairs, slopes, right, steps.from(low))
                .or(() -> SlopeTable.quotients(pairs, factors, right, steps.from(low)))
                .map(table -> new PairLoop<>(table, Kernels.SLOPES::current));
    }
}
