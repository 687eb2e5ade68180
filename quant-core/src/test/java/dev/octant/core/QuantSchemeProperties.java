// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static dev.octant.core.QuantScheme.ASYMMETRIC;
import static dev.octant.core.QuantScheme.FIXED;
import static dev.octant.core.QuantScheme.SYMMETRIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.QuantArbitraries;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class QuantSchemeProperties {
    /** One rounding to float, relative. */
    private static final double U = 0x1p-24;

    /** Two roundings of a value up to this one do not leave the floats. */
    private static final double LARGEST = Float.MAX_VALUE * (1 - 2 * U);

    @Provide
    Arbitrary<RealRange> ranges() {
        return Combinators.combine(QuantArbitraries.finiteFloats(), QuantArbitraries.finiteFloats())
                .as((a, b) -> RealRange.of(Math.min(a, b), Math.max(a, b)));
    }

    @Property(tries = 3000)
    void zeroIsExact(@ForAll("ranges") RealRange range, @ForAll QuantType type, @ForAll QuantScheme scheme) {
        QuantParams params = scheme.choose(range, type);
        assertEquals(params.zeroPoint(), params.quantize(0));
        assertEquals(0, Float.floatToRawIntBits(params.dequantize(params.quantize(0))));
    }

    /**
     * Rounding the zero point moves the grid by at most half a step. The scale carries two roundings (of the width and
     * of itself) and dequantizing one, each worth at most 255 U steps at an end. Where the farthest code of that grid
     * would leave the floats, the grid is narrower, by at most a step, and its zero point may be one code nearer to the
     * far end.
     */
    @Property(tries = 3000)
    void asymmetricKeepsBothEndsWithinHalfAStep(@ForAll("ranges") RealRange range, @ForAll QuantType type) {
        QuantParams params = ASYMMETRIC.choose(range, type);
        Assume.that(params.scale() != 1);
        double step = range.includingZero().width() / (type.levels() - 1);
        int farthest = Math.max(params.zeroPoint() - type.low(), type.high() - params.zeroPoint());
        double bound = params.scale() * (((farthest + 1) * step > LARGEST ? 1.5 : 0.5) + 3 * 255 * U);
        for (double end :
                new double[] {range.includingZero().min(), range.includingZero().max()}) {
            double kept = params.dequantize(params.quantize((float) end));
            assertTrue(Math.abs(kept - end) <= bound, () -> params + " keeps " + end + " as " + kept);
        }
    }

    @Provide
    Arbitrary<RealRange> wideRanges() {
        Arbitrary<Float> ends = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 20).map(i -> Float.intBitsToFloat(0x7F7FFFFF - i)),
                Arbitraries.integers().between(0x7E800000, 0x7F7FFFFF).map(Float::intBitsToFloat),
                Arbitraries.of(0f, 1f));
        return Combinators.combine(ends, ends).as((a, b) -> RealRange.of(-a, b));
    }

    /** The code of no value of the range stands for infinity, and no much larger scale would do. */
    @Property(tries = 3000)
    void noEndBecomesInfinite(
            @ForAll("wideRanges") RealRange range, @ForAll QuantType type, @ForAll QuantScheme scheme) {
        QuantParams params = scheme.choose(range, type);
        for (double end : new double[] {range.min(), range.max()}) {
            float kept = params.dequantize(params.quantize((float) end));
            assertTrue(Float.isFinite(kept), () -> params + " keeps " + end + " as " + kept);
        }
        double step = scheme == SYMMETRIC
                ? Math.max(-range.min(), range.max()) / 127
                : range.includingZero().width() / (type.levels() - (scheme == FIXED ? 0 : 1));
        int farthest =
                scheme == SYMMETRIC ? 127 : Math.max(params.zeroPoint() - type.low(), type.high() - params.zeroPoint());
        // A narrower grid may have its zero point one code nearer to the far end.
        boolean isLargest = Float.isInfinite((farthest + 1) * Math.nextUp(params.scale()));
        boolean isStep = Math.abs(params.scale() - step) <= Math.ulp(params.scale());
        assertTrue(isStep || params.scale() == 1 || isLargest, () -> params + " of " + range);
    }

    /** The lowest and the highest code are the ends' own codes, or next to them when an end lies half a step away. */
    @Property(tries = 3000)
    void asymmetricUsesEveryCode(@ForAll("ranges") RealRange range, @ForAll QuantType type) {
        QuantParams params = ASYMMETRIC.choose(range, type);
        Assume.that(params.scale() != 1);
        RealRange wide = range.includingZero();
        assertTrue(params.quantize((float) wide.min()) <= type.low() + 1);
        assertTrue(params.quantize((float) wide.max()) >= type.high() - 1);
    }

    /** The scale is rounded once and the product with 127 once more. */
    @Property(tries = 3000)
    void symmetricRepresentsBothEnds(@ForAll("ranges") RealRange range, @ForAll QuantType type) {
        QuantParams params = SYMMETRIC.choose(range, type);
        double largest = Math.max(Math.abs(range.min()), Math.abs(range.max()));
        Assume.that(largest >= 127.0 * Float.MIN_NORMAL);
        int zeroPoint = params.zeroPoint();
        assertEquals(type == QuantType.UINT8 ? 128 : 0, zeroPoint);
        assertEquals(zeroPoint + 127, params.quantize((float) largest));
        assertEquals(zeroPoint - 127, params.quantize((float) -largest));
        if (largest <= LARGEST) {
            assertEquals(largest, params.dequantize(zeroPoint + 127), largest * 2.01 * U);
            assertEquals(-params.dequantize(zeroPoint + 127), params.dequantize(zeroPoint - 127));
        }
    }

    /** The range has as many steps as codes, so its upper end is one step past the last code. */
    @Property(tries = 3000)
    void fixedStepsTimesLevelsAreTheWidth(@ForAll("ranges") RealRange range, @ForAll QuantType type) {
        QuantParams params = FIXED.choose(range, type);
        Assume.that(params.scale() != 1);
        // Beyond that a step is made smaller by up to half of one in 128 where codes would be infinite.
        Assume.that(Math.max(-range.min(), range.max()) < Float.MAX_VALUE / 1.01);
        double width = range.includingZero().width();
        assertEquals(width, (double) params.scale() * type.levels(), width * 2.01 * U);
    }

    @Property
    void signedAndUnsignedGridsDifferByTheirOffsetOnly(@ForAll("ranges") RealRange range) {
        QuantParams signed = ASYMMETRIC.choose(range, QuantType.INT8);
        QuantParams unsigned = ASYMMETRIC.choose(range, QuantType.UINT8);
        Assume.that(signed.scale() != 1);
        assertEquals(signed.scale(), unsigned.scale());
        assertEquals(signed.zeroPoint() + 128, unsigned.zeroPoint());
    }

    @Property
    void aTensorQuantizerFitsWhatTheSchemeChooses(
            @ForAll("ranges") RealRange range, @ForAll QuantType type, @ForAll QuantScheme scheme) {
        assertEquals(
                scheme.choose(range, type),
                TensorQuantizer.fit(range, type, scheme).params());
        assertEquals(
                scheme.choose(range, type),
                TensorQuantizer.fit(() -> range, type, scheme).params());
    }
}
