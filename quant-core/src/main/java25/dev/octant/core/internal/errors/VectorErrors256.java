// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Half of the lanes in one vector, so a block is run over twice. */
public final class VectorErrors256 implements ErrorKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;
    private static final int LANES = ErrorSums.LANES;
    private static final int HALF = LANES / 2;

    private final ErrorKernel twin = new ScalarErrors();

    public VectorErrors256() {
        Shapes.require(256);
    }

    @Override
    public void run(float[] inputs, float[] values, float[] approximations, int offset, int length, ErrorSums sums) {
        int whole = length - length % LANES;
        addHalf(inputs, values, approximations, offset, whole, sums, 0);
        addHalf(inputs, values, approximations, offset, whole, sums, HALF);
        if (whole < length) {
            twin.run(inputs, values, approximations, offset + whole, length - whole, sums);
        }
    }

    private static void addHalf(
            float[] inputs, float[] values, float[] approximations, int offset, int whole, ErrorSums sums, int lane) {
        double inputLow = sums.inputLow;
        double inputHigh = sums.inputHigh;
        double low = sums.low;
        double high = sums.high;
        DoubleVector signal = DoubleVector.fromArray(DOUBLES, sums.signal, lane);
        DoubleVector inside = DoubleVector.fromArray(DOUBLES, sums.inside, lane);
        DoubleVector outside = DoubleVector.fromArray(DOUBLES, sums.outside, lane);
        DoubleVector largest = DoubleVector.fromArray(DOUBLES, sums.largest, lane);
        int within = 0;
        for (int i = offset + lane; i < offset + whole; i += LANES) {
            DoubleVector input = doubles(inputs, i);
            DoubleVector value = doubles(values, i);
            DoubleVector error = value.sub(doubles(approximations, i));
            VectorMask<Double> isInside = input.compare(VectorOperators.GE, inputLow)
                    .and(input.compare(VectorOperators.LE, inputHigh))
                    .and(value.compare(VectorOperators.GE, low))
                    .and(value.compare(VectorOperators.LE, high));
            within += isInside.trueCount();
            signal = signal.add(value.mul(value));
            DoubleVector square = error.mul(error);
            inside = inside.add(square, isInside);
            outside = outside.add(square, isInside.not());
            DoubleVector size = error.abs();
            largest = largest.blend(size, size.compare(VectorOperators.GT, largest));
        }
        signal.intoArray(sums.signal, lane);
        inside.intoArray(sums.inside, lane);
        outside.intoArray(sums.outside, lane);
        largest.intoArray(sums.largest, lane);
        sums.clipped += whole / 2 - within;
    }

    private static DoubleVector doubles(float[] src, int index) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, src, index).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
