// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

/** Each channel is a row of {@value #ROW} values. */
public class ChannelFirstBenchmark extends ChannelBenchmark {
    @Override
    int axis() {
        return 1;
    }

    @Override
    int[] shape() {
        return new int[] {size / (CHANNELS * ROW), CHANNELS, ROW};
    }
}
