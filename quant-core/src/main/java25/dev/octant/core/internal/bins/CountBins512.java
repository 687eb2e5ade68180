// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * One loop that finds the places of a vector and increments those of the {@link #LAG} values before it: what limits the
 * increments is one store for each, and the search is in their shadow, but not of the same values, which would wait for
 * each other.
 */
public final class CountBins512 implements BinKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int LAG = BinTally.LAG;
    private static final int SIDE = BinTally.SIDE;

    /**
     * Magnitudes cut to 12 digits and added to 2^17 lose none of the digits that their place depends on: the bits of
     * the sum hold the whole number of parts from bit 6 on. A conversion to int takes longer, for it sees to NaN.
     */
    private static final float BASE = 0x1p17f;

    private static final int CUT = 0x7FFF_F000;

    /** The number of parts that a sum of {@link #BASE} and 0 seems to hold. */
    private static final int ZERO = Float.floatToRawIntBits(BASE) >> 6;

    /** Where small values are counted, in each lane elsewhere: increments of one place wait for each other. */
    private static final IntVector PLACES = IntVector.zero(INTS).addIndex(1).add(2 * SIDE);

    public CountBins512() {
        Shapes.require(512);
    }

    @Override
    public void run(float[] src, int offset, int length, float inversePart, BinTally tally) {
        int smallsBefore = tally.smalls;
        tally.startPipeline();
        int whole = length - length % LANES;
        int padded = tally.copyRest(src, offset + whole, length - whole, LANES);
        int n;
        for (int from = 0; from <= whole; from += n) {
            boolean isRest = from == whole;
            n = isRest ? padded : Math.min(BinTally.CHUNK, whole - from);
            locateAndCount(isRest ? tally.rest : src, isRest ? 0 : offset + from, n, inversePart, tally);
        }
        tally.endBlock(length, whole + padded - length + tally.smalls - smallsBefore);
    }

    /** Finds the places of so many values, at most a chunk, and counts as many that were found before. */
    private static void locateAndCount(float[] src, int offset, int length, float inversePart, BinTally tally) {
        float[] small = tally.small;
        int smalls = tally.smalls;
        float[] scaled = tally.scaled;
        int[] bins = tally.bins;
        int[] counts = tally.counts;
        int[] others = tally.otherCounts;
        double[] sums = tally.sums;
        double[] upper = tally.upper;
        double[] lower = tally.lower;
        DoubleVector sum0 = DoubleVector.fromArray(DOUBLES, sums, 0);
        DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, sums, 8);
        DoubleVector upper0 = DoubleVector.fromArray(DOUBLES, upper, 0);
        DoubleVector upper1 = DoubleVector.fromArray(DOUBLES, upper, 8);
        DoubleVector lower0 = DoubleVector.fromArray(DOUBLES, lower, 0);
        DoubleVector lower1 = DoubleVector.fromArray(DOUBLES, lower, 8);
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, offset + i);
            FloatVector t = x.mul(inversePart);
            IntVector bits = t.reinterpretAsInts()
                    .and(CUT)
                    .reinterpretAsFloats()
                    .add(BASE)
                    .reinterpretAsInts();
            IntVector place = bits.lanewise(VectorOperators.LSHR, 6)
                    .min(bits.lanewise(VectorOperators.LSHR, 9).add(448 + ZERO - ZERO / 8))
                    .min(bits.lanewise(VectorOperators.LSHR, 12).add(896 + ZERO - ZERO / 64));
            IntVector sign = x.reinterpretAsInts().lanewise(VectorOperators.ASHR, 31);
            IntVector k = place.sub(ZERO).add(sign.and(SIDE));
            VectorMask<Integer> below = place.compare(VectorOperators.LT, BinTally.FIRST + ZERO);
            if (below.anyTrue()) {
                k = k.blend(PLACES, below);
                // Of the value itself: t may have vanished.
                VectorMask<Float> isSmall = x.compare(VectorOperators.NE, 0f).and(below.cast(FLOATS));
                x.compress(isSmall).intoArray(small, smalls);
                smalls += isSmall.trueCount();
                t = t.blend(0f, isSmall);
            }
            k.intoArray(bins, i + LAG);
            t.intoArray(scaled, i + LAG);

            DoubleVector t0 =
                    (DoubleVector) FloatVector.fromArray(HALF, scaled, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum0 = sum0.add(t0);
            DoubleVector next0 = t0.fma(t0, upper0);
            lower0 = lower0.add(t0.fma(t0, upper0.sub(next0)));
            upper0 = next0;
            DoubleVector t1 = (DoubleVector)
                    FloatVector.fromArray(HALF, scaled, i + 8).convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum1 = sum1.add(t1);
            DoubleVector next1 = t1.fma(t1, upper1);
            lower1 = lower1.add(t1.fma(t1, upper1.sub(next1)));
            upper1 = next1;
            counts[bins[i]]++;
            others[bins[i + 1]]++;
            counts[bins[i + 2]]++;
            others[bins[i + 3]]++;
            counts[bins[i + 4]]++;
            others[bins[i + 5]]++;
            counts[bins[i + 6]]++;
            others[bins[i + 7]]++;
            counts[bins[i + 8]]++;
            others[bins[i + 9]]++;
            counts[bins[i + 10]]++;
            others[bins[i + 11]]++;
            counts[bins[i + 12]]++;
            others[bins[i + 13]]++;
            counts[bins[i + 14]]++;
            others[bins[i + 15]]++;
        }
        sum0.intoArray(sums, 0);
        sum1.intoArray(sums, 8);
        upper0.intoArray(upper, 0);
        upper1.intoArray(upper, 8);
        lower0.intoArray(lower, 0);
        lower1.intoArray(lower, 8);
        tally.smalls = smalls;
        tally.keepLag(length);
    }
}
