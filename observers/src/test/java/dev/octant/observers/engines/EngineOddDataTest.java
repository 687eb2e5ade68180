// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.Observer;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No data, odd data and too much of it, for every engine's observer. */
class EngineOddDataTest {
    private record Method(Observer observer, Supplier<RealRange> range) {}

    private static Map<String, Method> methods() {
        TorchHistogramObserver torch = new TorchHistogramObserver();
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(128);
        OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(99.999, 2048);
        NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
        Map<String, Method> methods = new LinkedHashMap<>();
        methods.put("torch", new Method(torch, torch::range));
        methods.put("ort entropy", new Method(values, () -> values.entropy(128)));
        methods.put("ort percentile", new Method(values, () -> values.percentile(99.999)));
        methods.put("ort symmetric", new Method(magnitudes, magnitudes::range));
        methods.put("nvidia max", new Method(nvidia, () -> nvidia.absMax(QuantType.INT8)));
        methods.put("nvidia percentile", new Method(nvidia, () -> nvidia.percentile(99.99, QuantType.INT8)));
        methods.put("nvidia entropy", new Method(nvidia, () -> nvidia.entropy(QuantType.INT8, 1)));
        methods.put("nvidia mse", new Method(nvidia, () -> nvidia.meanSquaredError(QuantType.INT8, 1)));
        return methods;
    }

    private static Map<String, RealRange> ranges(float[]... batches) {
        Map<String, RealRange> ranges = new LinkedHashMap<>();
        methods().keySet().forEach(name -> {
            Method method = methods().get(name);
            for (float[] batch : batches) {
                method.observer().observe(batch);
            }
            ranges.put(name, method.range().get());
        });
        return ranges;
    }

    @Test
    void noFiniteValueNoRange() {
        methods().forEach((name, method) -> {
            method.observer().observe(new float[0]);
            method.observer().observe(new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY});
            assertEquals(
                    "observed values must include a finite one, was none",
                    assertThrows(
                                    IllegalStateException.class,
                                    () -> method.range().get(),
                                    name)
                            .getMessage());
        });
    }

    @Test
    void nanAndInfinitiesChangeNothing() {
        float[] clean = GoldenData.heavyTailed().values();
        float[] dirty = new float[clean.length + 3];
        System.arraycopy(clean, 0, dirty, 1, clean.length);
        dirty[0] = Float.NaN;
        dirty[clean.length + 1] = Float.NEGATIVE_INFINITY;
        dirty[clean.length + 2] = Float.POSITIVE_INFINITY;
        assertEquals(ranges(clean), ranges(dirty));
        assertEquals(ranges(clean), ranges(new float[0], clean, new float[] {Float.NaN}));
    }

    @Test
    void directBuffersAreOneBatchToo() {
        float[] values = GoldenData.heavyTailed().values();
        FloatBuffer direct =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).asFloatBuffer();
        direct.put(values).flip();
        Map<String, RealRange> expected = ranges(values);
        methods().keySet().forEach(name -> {
            Method method = methods().get(name);
            FloatBuffer batch = direct.duplicate();
            method.observer().observe(batch);
            assertEquals(0, batch.remaining());
            assertEquals(expected.get(name), method.range().get(), name);
            Method heap = methods().get(name);
            FloatBuffer wrapped = FloatBuffer.wrap(values);
            heap.observer().observe(wrapped);
            assertEquals(0, wrapped.remaining());
            assertEquals(expected.get(name), heap.range().get(), name);
        });
    }

    @Test
    void constantZeroAndSubnormalData() {
        for (float value : new float[] {5, -5, 0, Float.MIN_VALUE, -Float.MIN_VALUE, 1e-38f}) {
            ranges(new float[] {value, value, value}).forEach((name, range) -> {
                assertTrue(range.isFinite() && Math.abs(range.min()) <= 6 && Math.abs(range.max()) <= 6, name + range);
                QuantParams params = ParameterPolicy.NVIDIA.choose(range, QuantType.INT8, QuantScheme.SYMMETRIC);
                assertTrue(params.scale() > 0, name);
            });
        }
        // What PyTorch 2.13 gives for a constant: the observed range alone, for the window's width is 0.
        assertEquals(RealRange.of(5, 5), ranges(new float[] {5, 5}).get("torch"));
    }

    @Test
    void magnitudesBelowTheFirstBatchAreNotCountedByOnnxRuntime() {
        OnnxRuntimeMagnitudeObserver observer = new OnnxRuntimeMagnitudeObserver(50, 4);
        observer.observe(new float[] {1, 2, 3, 5});
        observer.observe(new float[] {0, 0.5f, -0.5f, 6});
        long counted = 0;
        for (int i = 0; i < observer.bins(); i++) {
            counted += observer.count(i);
        }
        assertEquals(5, counted);
        assertEquals(5, observer.bins());
    }

    @Test
    void smallFirstValuesDoNotGrowWithoutBound() {
        for (Map.Entry<String, Method> entry : methods().entrySet()) {
            Observer observer = entry.getValue().observer();
            observer.observe(new float[] {0, 1e-6f});
            if (!entry.getKey().equals("torch")) {
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> observer.observe(new float[] {1e6f}),
                                entry.getKey())
                        .getMessage();
                assertTrue(message.startsWith("batch must need at most 1048576 bins of width "), message);
                assertTrue(Math.abs(entry.getValue().range().get().max()) <= 1e-6f, entry.getKey());
            }
        }
    }

    @Test
    void nvidiasBinsHaveNoWidthAfterZeros() {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        observer.observe(new float[100]);
        observer.observe(new float[10]);
        assertEquals(110, observer.count(1024));
        assertEquals(
                "batch must need at most 1048576 bins of width 0.0, was a largest magnitude of 1.0",
                assertThrows(IllegalArgumentException.class, () -> observer.observe(new float[] {1}))
                        .getMessage());
    }

    @Test
    void onnxRuntimeStartsAnewAfterZeros() {
        OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver(128);
        observer.observe(new float[100]);
        observer.observe(new float[] {-2, 2});
        assertEquals(100, observer.count(64));
        assertEquals(1, observer.count(0));
        assertEquals(1, observer.count(127));
        assertEquals(RealRange.of(-2, 2), observer.entropy(128));
    }

    @Test
    void spansBeyondTheLargestFloatAreRefused() {
        float[] batch = {-3.4e38f, 1, 3.4e38f};
        methods().forEach((name, method) -> {
            if (name.equals("ort symmetric")) { // magnitudes span half of that
                method.observer().observe(batch);
                assertEquals(3.4e38f, method.range().get().max(), 2e35);
            } else {
                assertThrows(
                        IllegalArgumentException.class, () -> method.observer().observe(batch), name);
                assertThrows(IllegalStateException.class, () -> method.range().get(), name);
            }
        });
    }

    @Test
    void floatCountsStopAt24Bits() {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        float[] ones = new float[1 << 20];
        Arrays.fill(ones, 1f);
        for (int i = 0; i < 17; i++) {
            observer.observe(ones);
        }
        observer.observe(new float[] {1});
        assertEquals(17L << 20, observer.count(2047)); // whole batches add exactly above 2^24, one value no longer
    }

    @Test
    void longCountsDoNot() {
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(128);
        OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(99.999, 2048);
        TorchHistogramObserver torch = new TorchHistogramObserver();
        float[] block = new float[1 << 20];
        Arrays.fill(block, 1f);
        for (int i = 0; i < 17; i++) {
            values.observe(block);
            magnitudes.observe(block);
            torch.observe(block);
        }
        float[] one = {1};
        values.observe(one);
        magnitudes.observe(one);
        torch.observe(one);
        long counted = 0;
        for (int i = 0; i < values.bins(); i++) {
            counted = Math.max(counted, values.count(i));
        }
        assertEquals((17L << 20) + 1, counted);
        counted = 0;
        for (int i = 0; i < magnitudes.bins(); i++) {
            counted = Math.max(counted, magnitudes.count(i));
        }
        assertEquals((17L << 20) + 1, counted);
        float most = 0;
        for (int i = 0; i < 2048; i++) {
            most = Math.max(most, torch.count(i));
        }
        assertEquals(17 * 0x1p20f, most);
    }

    @Test
    void oneSidedData() {
        Map<String, RealRange> ranges = ranges(new float[] {0.5f, 1, 1.5f, 3});
        ranges.forEach((name, range) -> {
            assertEquals(name.startsWith("nvidia") ? -range.max() : 0.5, range.min(), name);
            assertEquals(3, range.max(), 0.05, name); // 128 bins of 6 / 128 each
        });
    }

    /** What a first batch with one huge value leaves of the 1e8 others: bins of 1e30 / 2048 hold them all in one. */
    @Tag("exhaustive")
    @Test
    void oneOutlierOf1e30Among1e8Values() {
        float[] million = new float[1_000_000];
        Random random = new Random(3);
        for (int i = 0; i < million.length; i++) {
            million[i] = (float) random.nextGaussian();
        }
        TorchHistogramObserver torch = new TorchHistogramObserver();
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(128);
        OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(99.999, 2048);
        NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
        List<Observer> observers = List.of(torch, values, magnitudes, nvidia);
        float[] first = million.clone();
        first[7] = 1e30f;
        for (Observer observer : observers) {
            observer.observe(first);
            for (int i = 1; i < 100; i++) {
                observer.observe(million);
            }
        }
        assertEquals(RealRange.of(0, 0), nvidia.percentile(99.99, QuantType.INT8));
        assertEquals(1e30f, nvidia.entropy(QuantType.INT8, 1).max());
        assertEquals(1e30, nvidia.meanSquaredError(QuantType.INT8, 1).max(), 1e27);
        assertEquals(1e30f, values.entropy(128).max());
        assertEquals(0, values.percentile(99.999).max());
        assertTrue(magnitudes.range().max() < 1e-4, () -> "narrower than the data: " + magnitudes.range());
        assertTrue(torch.range().max() > 1e25, () -> "wider than any other value: " + torch.range());
    }

    @Test
    void badArguments() {
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(128);
        values.observe(new float[] {1});
        NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
        nvidia.observe(new float[] {1});
        assertRefused("percent must be within 0..100, was 101.0", () -> values.percentile(101));
        assertRefused("percent must be within 0..100, was NaN", () -> nvidia.percentile(Double.NaN, QuantType.INT8));
        assertRefused("levels must be within 2..128, was 129", () -> values.entropy(129));
        assertRefused("stride must be at least 1, was 0", () -> nvidia.entropy(QuantType.INT8, 0));
        assertRefused("stride must be at least 1, was 0", () -> nvidia.meanSquaredError(QuantType.INT8, 0));
        assertRefused("bins must be within 1..1048576, was 0", () -> new OnnxRuntimeHistogramObserver(0));
        assertRefused("bins must be within 1..1048576, was 0", () -> new OnnxRuntimeMagnitudeObserver(50, 0));
        assertRefused("percent must be within 0..100, was -1.0", () -> new OnnxRuntimeMagnitudeObserver(-1, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> values.observe(new float[2], 1, 2));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
