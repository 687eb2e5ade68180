// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeEstimator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;

/** What the tests of this package share. */
final class Given {
    private Given() {}

    /** A choice by one estimator. */
    record Choice(RangeEstimator estimator) implements RangeChoice {
        @Override
        public RealRange range(String tensor, TensorSummary summary) {
            return estimator.estimate(summary.values());
        }

        @Override
        public String toString() {
            return estimator + " int8";
        }
    }

    static RunSettings settings(int threads) {
        return new RunSettings(threads, true, new Choice(new MinMax()), Optional.empty());
    }

    static float[] values(Random random, int length) {
        float[] values = new float[length];
        float scale = (float) Math.scalb(1.0, random.nextInt(40) - 20);
        for (int i = 0; i < length; i++) {
            values[i] = switch (random.nextInt(20)) {
                case 0 -> 0;
                case 1 -> Float.NaN;
                case 2 -> Float.intBitsToFloat(random.nextInt());
                default -> (float) random.nextGaussian() * scale;
            };
        }
        return values;
    }

    /** What one observer of each kind says of all values; samples of length 0 are not known. */
    static TensorSummary summary(float[] values, int sampleLength) {
        HistogramObserver histogram = new HistogramObserver();
        histogram.observe(values);
        PerSampleObserver samples = new PerSampleObserver(Math.max(1, sampleLength));
        if (sampleLength > 0) {
            samples.observe(values);
        }
        return new TensorSummary(histogram.summary(), samples.summary());
    }

    static byte[] bytes(SortedMap<String, TensorSummary> tensors) throws IOException {
        Path file = Files.createTempFile("octant", ".summary");
        try {
            SummaryFile.write(file, tensors);
            return Files.readAllBytes(file);
        } finally {
            Files.delete(file);
        }
    }
}
