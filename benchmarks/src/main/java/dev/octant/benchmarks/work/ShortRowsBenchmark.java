// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

/** Each channel is a row of {@value #SHORT_ROW} values, 7 x 7: not a multiple of any vector. */
public class ShortRowsBenchmark extends ChannelBenchmark {
    static final int SHORT_ROW = 49;

    @Override
    int axis() {
        return 1;
    }

    @Override
    int[] shape() {
        return new int[] {Math.max(1, size / (CHANNELS * SHORT_ROW)), CHANNELS, SHORT_ROW};
    }
}
