// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

/** The channel changes with every value. */
public class ChannelLastBenchmark extends ChannelBenchmark {
    @Override
    int axis() {
        return 1;
    }

    @Override
    int[] shape() {
        return new int[] {size / CHANNELS, CHANNELS};
    }
}
