// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.TensorQuantizer;
import dev.octant.fixtures.NullArguments;
import dev.octant.layers.train.ActivationGradient;
import dev.octant.layers.train.AmaxGrid;
import dev.octant.layers.train.AmaxObserver;
import dev.octant.layers.train.AmaxQuantizer;
import dev.octant.layers.train.DynamicAmax;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.KeptAxes;
import dev.octant.layers.train.LearnedClip;
import dev.octant.layers.train.LearnedStep;
import dev.octant.layers.train.ObservedBatches;
import dev.octant.layers.train.ServedGrids;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StepStart;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.estimators.MinMax;
import dev.octant.ops.Activation;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Every public method says in a sentence of its own which argument is missing. */
class MissingArgumentsTest {
    @Test
    void everyMethodNamesWhatIsMissing() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 0);
        CodeRange codes = new CodeRange(-8, 7);
        ChannelLayout layout = new ChannelLayout(1, 1);
        LearnedStep step = LearnedStep.symmetric(codes, 1, 1);
        StepGradient gradient = step.quantizer().gradient();
        HistogramObserver observer = new HistogramObserver();
        observer.observe(new float[] {1});
        DoubleUnaryOperator derivative = x -> 1;
        QuantizedWeights weights = QuantizedWeights.of(new byte[] {1}, 1, 1);
        SumsToCodes end = SumsToCodes.engine(params, weights, params, Profile.ONNX);
        Conv2dShape shape = Conv2dShape.of(1, 1, 1, 1, 1, 1);
        FakeQuantLinear linear = FakeQuantLinear.of(1, 1, step.quantizer(), step.quantizer());
        NullArguments.check(
                NullArguments.publicClasses(FakeQuantizer.class),
                new float[] {1},
                new double[] {1},
                new byte[1],
                new int[] {1},
                params,
                codes,
                layout,
                Profile.ONNX,
                QuantType.INT8,
                RealRange.UNIT,
                TensorQuantizer.of(params),
                ChannelQuantizer.of(layout, List.of(params)),
                step,
                gradient,
                step.quantizer(),
                StepStart.LARGEST,
                observer.summary(),
                new MinMax(),
                LearnedClip.of(-1, 1),
                LearnedClip.of(-1, 1).gradient(),
                LearnedClip.of(-1, 1).then(step.quantizer()),
                new ServedGrids(ChannelQuantizer.of(layout, List.of(params))),
                AmaxGrid.INT8,
                KeptAxes.NONE,
                AmaxQuantizer.of(AmaxGrid.INT8, 1),
                DynamicAmax.of(AmaxGrid.INT8),
                new AmaxObserver(KeptAxes.NONE),
                new ObservedBatches(),
                Activation.SILU,
                ActivationGradient.of(Activation.SILU),
                derivative,
                weights,
                end,
                shape,
                Between.EXACT,
                BatchNorm.of(new float[] {1}, new float[1], new float[1], new float[] {1}, 0),
                MatrixProduct.java(),
                QuantizedTensor.of(params, new byte[1]),
                QuantizedLinear.of(params, weights, end, MatrixProduct.java()),
                QuantizedConv2d.of(shape, params, weights, end, MatrixProduct.java()),
                linear,
                FakeQuantConv2d.of(shape, step.quantizer(), step.quantizer()),
                linear.gradients(1));
    }
}
