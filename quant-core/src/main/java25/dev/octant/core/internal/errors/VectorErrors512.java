// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** All lanes in one vector. */
public final class VectorErrors512 implements ErrorKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final int LANES = ErrorSums.LANES;

    private final ErrorKernel twin = new ScalarErrors();

    public VectorErrors512() {
        Shapes.require(512);
    }

    @Override
    public void run(float[] inputs, float[] values, float[] approximations, int offset, int length, ErrorSums sums) {
        double inputLow = sums.inputLow;
        double inputHigh = sums.inputHigh;
        double low = sums.low;
        double high = sums.high;
        DoubleVector signal = DoubleVector.fromArray(DOUBLES, sums.signal, 0);
        DoubleVector inside = DoubleVector.fromArray(DOUBLES, sums.inside, 0);
        DoubleVector outside = DoubleVector.fromArray(DOUBLES, sums.outside, 0);
        DoubleVector largest = DoubleVector.fromArray(DOUBLES, sums.largest, 0);
        int within = 0;
        int whole = length - length % LANES;
        for (int i = offset; i < offset + whole; i += LANES) {
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
        signal.intoArray(sums.signal, 0);
        inside.intoArray(sums.inside, 0);
        outside.intoArray(sums.outside, 0);
        largest.intoArray(sums.largest, 0);
        sums.clipped += whole - within;
        if (whole < length) {
            twin.run(inputs, values, approximations, offset + whole, length - whole, sums);
        }
    }

    private static DoubleVector doubles(float[] src, int index) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, src, index).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
