// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.ChannelLayout;
import dev.octant.observers.engines.NvidiaHistogramObserver;
import dev.octant.observers.engines.TorchHistogramObserver;
import java.nio.FloatBuffer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Observers say in a sentence of their own that there are no values. */
class MissingArgumentsTest {
    static Stream<Observer> observers() {
        ChannelLayout layout = new ChannelLayout(2, 1);
        return Stream.of(
                new HistogramObserver(),
                new MinMaxObserver(),
                new MovingAverageObserver(0.01f),
                new PerSampleObserver(4),
                new PerChannelMinMaxObserver(layout),
                new PerChannelHistogramObserver(layout, 256),
                new TorchHistogramObserver(),
                new NvidiaHistogramObserver());
    }

    @ParameterizedTest
    @MethodSource("observers")
    void valuesAreGiven(Observer observer) {
        refused("values", () -> observer.observe((float[]) null));
        refused("values", () -> observer.observe(null, 0, 0));
        refused("values", () -> observer.observe((FloatBuffer) null));
    }

    @Test
    void samplesAreGiven() {
        refused("samples", () -> new HistogramObserver().observeSamples(new float[4], 0, 4, 4, null));
        refused("values", () -> new HistogramObserver().observeSamples(null, 0, 0, 4, new PerSampleObserver(4)));
    }

    private static void refused(String what, Executable call) {
        assertEquals(
                what + " must be given, was null",
                assertThrows(NullPointerException.class, call).getMessage());
    }
}
