// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.MinMaxObserver;
import dev.octant.observers.MovingAverageObserver;
import dev.octant.observers.Observer;
import dev.octant.observers.PerChannelMinMaxObserver;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The bits that PyTorch's observers and ONNX Runtime's calibrators give on the activations of a small network. */
class EngineGoldenTest {
    private static final Map<String, GoldenData.Tensor> DIGITS = GoldenData.digits();

    @Test
    void pyTorchsObserversInOneAndInFourBatches() {
        int checked = 0;
        for (Map<String, String> row : GoldenData.rows("torch_observers.json")) {
            QuantType type = row.get("dtype").equals("int8") ? QuantType.INT8 : QuantType.UINT8;
            QuantScheme scheme = row.get("scheme").equals("affine") ? QuantScheme.ASYMMETRIC : QuantScheme.SYMMETRIC;
            List<RealRange> ranges =
                    observed(row.get("observer"), DIGITS.get(row.get("array")), Integer.parseInt(row.get("batches")));
            String[] scales = row.get("scale_bits").split(",", -1);
            String[] zeroPoints = row.get("zero_point").split(",", -1);
            assertEquals(scales.length, ranges.size());
            for (int i = 0; i < scales.length; i++) {
                assertEquals(
                        QuantParams.of(type, GoldenData.bits(scales[i]), Integer.parseInt(zeroPoints[i])),
                        ParameterPolicy.PYTORCH.choose(ranges.get(i), type, scheme),
                        row.toString());
                checked++;
            }
        }
        assertEquals(168 - 24 + 4 * (16 + 32 + 8 + 32 + 48 + 64), checked);
    }

    private static List<RealRange> observed(String observer, GoldenData.Tensor tensor, int parts) {
        switch (observer) {
            case "MinMax" -> {
                return List.of(
                        observed(new MinMaxObserver(), tensor, parts).summary().range());
            }
            case "MovingAverageMinMax" -> {
                return List.of(observed(new MovingAverageObserver(0.01f), tensor, parts)
                        .range());
            }
            case "Histogram" -> {
                return List.of(
                        observed(new TorchHistogramObserver(), tensor, parts).range());
            }
            default -> {
                return observed(PerChannelMinMaxObserver.of(tensor.shape(), 1), tensor, parts)
                        .summary()
                        .ranges();
            }
        }
    }

    private static <O extends Observer> O observed(O observer, GoldenData.Tensor tensor, int parts) {
        tensor.split(parts).forEach(observer::observe);
        return observer;
    }

    @Test
    void onnxRuntimesCalibrators() {
        int checked = 0;
        for (Map<String, String> row : GoldenData.rows("ort_calibrators.json")) {
            GoldenData.Tensor tensor = DIGITS.get(row.get("array"));
            RealRange range = RealRange.of(GoldenData.bits(row.get("low_bits")), GoldenData.bits(row.get("high_bits")));
            assertEquals(range, observed(row, tensor.values()), row.toString());
            if (row.containsKey("dtype")) {
                QuantType type = row.get("dtype").equals("int8") ? QuantType.INT8 : QuantType.UINT8;
                QuantParams expected = QuantParams.of(
                        type, GoldenData.bits(row.get("scale_bits")), Integer.parseInt(row.get("zero_point")));
                assertEquals(
                        expected,
                        ParameterPolicy.ONNX_RUNTIME.choose(range, type, QuantScheme.ASYMMETRIC),
                        row.toString());
            }
            checked++;
        }
        assertEquals(48, checked);
    }

    private static RealRange observed(Map<String, String> row, float[] values) {
        if (row.get("method").equals("minmax")) {
            MinMaxObserver observer = new MinMaxObserver();
            observer.observe(values);
            return observer.summary().range();
        }
        int bins = Integer.parseInt(row.get("num_bins"));
        double percent = Double.parseDouble(row.get("percentile"));
        if (Boolean.parseBoolean(row.get("symmetric"))) {
            OnnxRuntimeMagnitudeObserver observer = new OnnxRuntimeMagnitudeObserver(percent, bins);
            observer.observe(values);
            return observer.range();
        }
        OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver(bins);
        observer.observe(values);
        return row.get("method").equals("entropy")
                ? observer.entropy(Integer.parseInt(row.get("num_quantized_bins")))
                : observer.percentile(percent);
    }

    private static void assertRange(double min, double max, RealRange range) {
        assertEquals(min, range.min(), 1e-6 * Math.abs(min));
        assertEquals(max, range.max(), 1e-6 * max);
    }

    @Test
    void nvidiasMethodsOnHeavyTails() {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        observer.observe(GoldenData.heavyTailed().values());
        long[] first = {11043, 2920, 1994, 1596, 1219, 1127, 1035, 937};
        for (int i = 0; i < first.length; i++) {
            assertEquals(first[i], observer.count(i));
        }
        double[] percents = {99, 99.9, 99.99, 99.999, 100};
        double[] thresholds = {13.365077, 19.698483, 23.802332, 25.076363, 25.076363};
        for (int i = 0; i < percents.length; i++) {
            assertRange(-thresholds[i], thresholds[i], observer.percentile(percents[i], QuantType.INT8));
        }
        assertRange(-18.804211, 18.804211, observer.entropy(QuantType.INT8, 1));
        assertRange(0, 21.928036, observer.entropy(QuantType.UINT8, 1));
        assertRange(-18.522453, 18.522453, observer.entropy(QuantType.INT8, 8));
        assertRange(-23.600201, 23.600201, observer.meanSquaredError(QuantType.INT8, 1));
        assertRange(0, 24.420971, observer.meanSquaredError(QuantType.UINT8, 1));
        assertEquals(RealRange.of(-0x1.916af6p4, 0x1.916af6p4), observer.absMax(QuantType.INT8));
        assertEquals(RealRange.of(0, 0x1.916af6p4), observer.absMax(QuantType.UINT8));
    }

    @Test
    void nvidiasEntropyDependsOnTheBatches() {
        List<float[]> batches = GoldenData.heavyTailed().split(16);
        NvidiaHistogramObserver forward = new NvidiaHistogramObserver();
        batches.forEach(forward::observe);
        NvidiaHistogramObserver backward = new NvidiaHistogramObserver();
        for (int i = batches.size() - 1; i >= 0; i--) {
            backward.observe(batches.get(i));
        }
        assertEquals(19.17, forward.entropy(QuantType.INT8, 1).max(), 0.005);
        assertEquals(17.91, backward.entropy(QuantType.INT8, 1).max(), 0.005);
    }

    @Test
    void onnxRuntimesMethodsOnHeavyTails() {
        float[] values = GoldenData.heavyTailed().values();
        OnnxRuntimeHistogramObserver coarse = new OnnxRuntimeHistogramObserver(128);
        coarse.observe(values);
        assertRange(-25.088614, 24.590809, coarse.entropy(128));
        OnnxRuntimeHistogramObserver fine = new OnnxRuntimeHistogramObserver(2048);
        fine.observe(values);
        assertRange(-17.370926, 17.395426, fine.entropy(128));
        assertRange(-15.606882, 15.631384, fine.entropy(255));
        assertRange(-23.618578, 23.790083, fine.percentile(99.99));
        OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(99.99, 2048);
        magnitudes.observe(values);
        assertRange(-23.802332, 23.802332, magnitudes.range());
    }

    @Test
    void pyTorchsHistogramOnHeavyTails() {
        for (int parts : new int[] {1, 4, 8, 16}) {
            TorchHistogramObserver observer = new TorchHistogramObserver();
            GoldenData.heavyTailed().split(parts).forEach(observer::observe);
            QuantParams params =
                    ParameterPolicy.PYTORCH.choose(observer.range(), QuantType.UINT8, QuantScheme.ASYMMETRIC);
            assertEquals(parts == 1 ? 0.192918703f : 0.192823589f, params.scale());
            assertEquals(130, params.zeroPoint());
        }
    }
}
