// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

/** One value at a time: the definition. */
public final class ScalarErrors implements ErrorKernel {
    @Override
    public void run(float[] inputs, float[] values, float[] approximations, int offset, int length, ErrorSums sums) {
        double inputLow = sums.inputLow;
        double inputHigh = sums.inputHigh;
        double low = sums.low;
        double high = sums.high;
        double[] signal = sums.signal;
        double[] inside = sums.inside;
        double[] outside = sums.outside;
        double[] largest = sums.largest;
        int clipped = 0;
        for (int i = 0; i < length; i++) {
            int lane = i % ErrorSums.LANES;
            double input = inputs[offset + i];
            double value = values[offset + i];
            double error = value - approximations[offset + i];
            signal[lane] += value * value;
            if (input >= inputLow && input <= inputHigh && value >= low && value <= high) {
                inside[lane] += error * error;
            } else {
                outside[lane] += error * error;
                clipped++;
            }
            double size = Math.abs(error);
            if (size > largest[lane]) {
                largest[lane] = size;
            }
        }
        sums.clipped += clipped;
    }
}
