// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As {@link CountBins512}, but small values are picked one by one: vectors of this width cannot be compressed. */
public final class CountBins256 implements BinKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Float> HALF = FloatVector.SPECIES_128;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
    private static final int LANES = 8;
    private static final int LAG = BinTally.LAG;
    private static final int SIDE = BinTally.SIDE;
    private static final float BASE = 0x1p17f;
    private static final int CUT = 0x7FFF_F000;
    private static final int ZERO = Float.floatToRawIntBits(BASE) >> 6;

    /** Where small values are counted, in each lane elsewhere: increments of one place wait for each other. */
    private static final IntVector PLACES = IntVector.zero(INTS).addIndex(1).add(2 * SIDE);

    public CountBins256() {
        Shapes.require(256);
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

    private static void locateAndCount(float[] src, int offset, int length, float inversePart, BinTally tally) {
        float[] scaled = tally.scaled;
        int[] bins = tally.bins;
        int[] counts = tally.counts;
        int[] others = tally.otherCounts;
        double[] sums = tally.sums;
        double[] upper = tally.upper;
        double[] lower = tally.lower;
        DoubleVector sum0 = DoubleVector.fromArray(DOUBLES, sums, 0);
        DoubleVector sum1 = DoubleVector.fromArray(DOUBLES, sums, 4);
        DoubleVector upper0 = DoubleVector.fromArray(DOUBLES, upper, 0);
        DoubleVector upper1 = DoubleVector.fromArray(DOUBLES, upper, 4);
        DoubleVector lower0 = DoubleVector.fromArray(DOUBLES, lower, 0);
        DoubleVector lower1 = DoubleVector.fromArray(DOUBLES, lower, 4);
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
            // Of the value itself: t may have vanished.
            VectorMask<Float> isSmall = x.compare(VectorOperators.NE, 0f).and(below.cast(FLOATS));
            k.blend(PLACES, below).intoArray(bins, i + LAG);
            t.intoArray(scaled, i + LAG);
            if (isSmall.anyTrue()) {
                handBack(src, offset + i, inversePart, tally, i + LAG);
            }

            DoubleVector t0 =
                    (DoubleVector) FloatVector.fromArray(HALF, scaled, i).convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum0 = sum0.add(t0);
            DoubleVector square0 = t0.mul(t0);
            DoubleVector next0 = upper0.add(square0);
            lower0 = lower0.add(square0.sub(next0.sub(upper0)));
            upper0 = next0;
            DoubleVector t1 = (DoubleVector)
                    FloatVector.fromArray(HALF, scaled, i + 4).convertShape(VectorOperators.F2D, DOUBLES, 0);
            sum1 = sum1.add(t1);
            DoubleVector square1 = t1.mul(t1);
            DoubleVector next1 = upper1.add(square1);
            lower1 = lower1.add(square1.sub(next1.sub(upper1)));
            upper1 = next1;
            counts[bins[i]]++;
            others[bins[i + 1]]++;
            counts[bins[i + 2]]++;
            others[bins[i + 3]]++;
            counts[bins[i + 4]]++;
            others[bins[i + 5]]++;
            counts[bins[i + 6]]++;
            others[bins[i + 7]]++;
        }
        sum0.intoArray(sums, 0);
        sum1.intoArray(sums, 4);
        upper0.intoArray(upper, 0);
        upper1.intoArray(upper, 4);
        lower0.intoArray(lower, 0);
        lower1.intoArray(lower, 4);
        tally.keepLag(length);
    }

    /** Keeps the small values of a vector and takes them out of the chunk. */
    private static void handBack(float[] src, int offset, float inversePart, BinTally tally, int at) {
        int smalls = tally.smalls;
        for (int i = 0; i < LANES; i++) {
            float x = src[offset + i];
            if (Math.abs(x * inversePart) < BinTally.FIRST) {
                tally.scaled[at + i] = 0;
                tally.small[smalls] = x;
                smalls += x != 0 ? 1 : 0;
            }
        }
        tally.smalls = smalls;
    }
}
