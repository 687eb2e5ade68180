// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.RealRange;
import dev.octant.observers.MovingAverageObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.estimators.MeanOfSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorObserverTest {
    private static final Method MEAN = new Method.OfSamples(new MeanOfSamples());
    private static final Method AVERAGE = new Method.OfBatches("moving-average=0.5", () -> {
        MovingAverageObserver observer = new MovingAverageObserver(0.5f);
        return new Method.BatchRange(observer, observer::range);
    });

    /** However an array is cut into blocks, samples and batches are the same. */
    @Test
    void blocksDoNotMatter() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            int sampleLength = 1 + random.nextInt(20);
            TensorObserver observer = new TensorObserver(List.of(MEAN, AVERAGE));
            PerSampleObserver samples = new PerSampleObserver(sampleLength);
            MovingAverageObserver average = new MovingAverageObserver(0.5f);
            for (int array = 0; array < 3; array++) {
                float[] values = new float[sampleLength * (1 + random.nextInt(20))];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) random.nextGaussian();
                }
                samples.observe(values);
                average.observe(values);
                observer.begin(sampleLength);
                for (int from = 0; from < values.length; ) {
                    int n = Math.min(values.length - from, 1 + random.nextInt(30));
                    observer.observe(Arrays.copyOfRange(values, from, from + n + random.nextInt(3)), n);
                    from += n;
                }
                observer.end();
            }
            assertEquals(
                    new MeanOfSamples().estimate(samples.summary()),
                    MEAN.choose(observer).input(),
                    "seed " + seed);
            assertEquals(average.range(), AVERAGE.choose(observer).input(), "seed " + seed);
            assertEquals(samples.summary().values(), observer.summary().counts());
        }
    }

    /** Observers that take turns see what each would see alone. */
    @Test
    void turnsDoNotMatter() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            SharedObservers shared = new SharedObservers();
            List<TensorObserver> alone = new ArrayList<>();
            List<TensorObserver> together = new ArrayList<>();
            for (int tensor = 0; tensor < 3; tensor++) {
                alone.add(new TensorObserver(List.of(MEAN, AVERAGE)));
                together.add(new TensorObserver(List.of(MEAN, AVERAGE), shared));
                alone.get(tensor).begin(7);
                together.get(tensor).begin(7);
            }
            for (int block = 0; block < 30; block++) {
                int tensor = random.nextInt(3);
                float[] values = new float[1 + random.nextInt(20)];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
                }
                for (List<TensorObserver> observers : List.of(alone, together)) {
                    observers.get(tensor).observe(values, values.length);
                    if (seed % 2 == 0) {
                        observers.get(tensor).summary();
                    }
                }
            }
            for (int tensor = 0; tensor < 3; tensor++) {
                assertEquals(alone.get(tensor).summary(), together.get(tensor).summary(), "seed " + seed);
                assertEquals(
                        alone.get(tensor).samples(MEAN), together.get(tensor).samples(MEAN), "seed " + seed);
            }
        }
    }

    @Test
    void onceUnknownSamplesStayUnknown() {
        TensorObserver observer = new TensorObserver(List.of(MEAN));
        observer.begin(0);
        observer.observe(new float[] {1, 2}, 2);
        observer.end();
        observer.begin(2);
        observer.observe(new float[] {3, 4}, 2);
        observer.end();
        assertEquals(
                "array must hold its samples one after the other for mean, was in another order",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> MEAN.choose(observer).input())
                        .getMessage());
        assertEquals(RealRange.of(1, 4), observer.summary().range());
    }

    @Test
    void arraysThatMustBeHeldWholeAreLimited() {
        TensorObserver observer = new TensorObserver(List.of(AVERAGE), new SharedObservers(), 100);
        float[] block = new float[50];
        for (int array = 0; array < 3; array++) {
            observer.begin(1);
            observer.observe(block, 50);
            observer.observe(block, 50);
            observer.end();
        }
        observer.begin(1);
        observer.observe(block, 50);
        observer.observe(block, 50);
        assertEquals(
                "array must have at most 100 values for moving-average=0.5, was longer",
                assertThrows(IllegalArgumentException.class, () -> observer.observe(block, 1))
                        .getMessage());
    }
}
