// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.Percentile;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import dev.octant.ops.functions.ActivationFunctions;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The Java of the README, as it stands there. */
class ReadmeExampleTest {
    @Test
    void fromDataToCodes() {
        float[] batch = new float[10_000];
        Random random = new Random(1);
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (float) random.nextGaussian();
        }

        HistogramObserver observer = new HistogramObserver();
        observer.observe(batch);
        HistogramSummary summary = observer.summary();

        RealRange range = new Percentile(99.99).estimate(summary);
        QuantParams input = QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8);
        QuantParams output = Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();

        QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, input, output);
        QuantizedTensor codes = TensorQuantizer.of(input).quantize(batch);
        float[] result = sigmoid.apply(codes).dequantize();

        // Half a step of the output, and half a step of the input at the steepest slope of sigmoid, 1/4.
        double bound = output.scale() / 2 + input.scale() / 8 + 1e-6;
        for (int i = 0; i < batch.length; i++) {
            if (range.contains(batch[i])) {
                assertEquals(ActivationFunctions.sigmoid(batch[i]), result[i], bound);
            }
        }

        sigmoid.table().apply(codes.codes(), codes.codes());
        assertEquals(result[0], output.dequantize(codes.codes()[0]));
        assertEquals(513_784, HistogramObserver.BYTES); // the README states it
    }
}
