// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import dev.octant.core.internal.lanes.Shapes;
import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Two loops over a chunk: one finds the places, one increments them and adds values and squares. What limits the second
 * is one store per increment; the sums are in its shadow.
 */
public final class CountBins512 implements BinKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final int LANES = 16;
    private static final int SIDE = BinTally.SIDE;

    /** A place of its own in each lane for what is small. */
    private static final IntVector PLACES = IntVector.zero(INTS).addIndex(1).add(2 * SIDE);

    public CountBins512() {
        Shapes.require(512);
    }

    @Override
    public void run(float[] src, int offset, int length, float inversePart, BinTally tally) {
        int smallsBefore = tally.smalls;
        int filled = 0;
        for (int from = 0, n; from < length; from += n) {
            n = Math.min(BinTally.CHUNK, length - from);
            int whole = n - n % LANES;
            locate(src, offset + from, whole, inversePart, tally, 0);
            if (whole < n) {
                System.arraycopy(src, offset + from + whole, tally.rest, 0, n - whole);
                Arrays.fill(tally.rest, n - whole, LANES, 0);
                locate(tally.rest, 0, LANES, inversePart, tally, whole);
                filled = whole + LANES - n;
                whole += LANES;
            }
            count(tally, whole);
        }
        tally.endBlock(length, filled + tally.smalls - smallsBefore);
    }

    private static void locate(float[] src, int offset, int length, float inversePart, BinTally tally, int at) {
        int[] bins = tally.bins;
        float[] scaled = tally.scaled;
        float[] small = tally.small;
        int smalls = tally.smalls;
        for (int i = 0; i < length; i += LANES) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, offset + i);
            FloatVector t = x.mul(inversePart);
            IntVector sign = t.reinterpretAsInts().lanewise(VectorOperators.ASHR, 31);
            IntVector m = (IntVector) t.abs().convertShape(VectorOperators.F2I, INTS, 0);
            IntVector place = m.min(m.lanewise(VectorOperators.LSHR, 3).add(448))
                    .min(m.lanewise(VectorOperators.LSHR, 6).add(896));
            IntVector k = place.add(sign.and(SIDE));
            VectorMask<Integer> below = m.compare(VectorOperators.LT, BinTally.FIRST);
            if (below.anyTrue()) {
                k = k.blend(PLACES, below);
                // Of the value itself: t may have vanished.
                VectorMask<Float> isSmall = x.compare(VectorOperators.NE, 0f).and(below.cast(FLOATS));
                x.compress(isSmall).intoArray(small, smalls);
                smalls += isSmall.trueCount();
                t = t.blend(0f, isSmall);
            }
            k.intoArray(bins, at + i);
            t.intoArray(scaled, at + i);
        }
        tally.smalls = smalls;
    }

    private static void count(BinTally tally, int length) {
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
    }
}
