// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedStep;
import org.apache.commons.lang3.Validate;

/**
 * A block of DJL that replaces floats by what a grid holds in their place, with a scale, and where wanted a zero point,
 * that DJL's optimizer moves: LSQ and LSQ+ by {@link LearnedStep} and {@link FakeQuantizer}.
 *
 * <p>DJL knows no gradient but those of its own operators, and none past {@code stop}, which is {@link
 * NDArray#stopGradient}. So Octant computes y, the mask and the derivatives, and the block returns
 *
 * <pre>
 * y + (X - stop(X)) + g D (s - stop(s)) + g Z (z - stop(z))
 *
 * X   x where the mask is 1, else 0: its gradient is dy there, and 0 elsewhere
 * D   the derivative of y to the scale s, element by element
 * Z   that to the zero point z: -s outside the grid, 0 inside and for NaN
 * g   LSQ's gradient scale
 * </pre>
 *
 * <p>The differences are 0, also where x is infinite or NaN, so the values are y's bits; the gradient of x is dy or 0,
 * bit by bit. Those of s and z are sums in float, in an order of DJL's engine.
 *
 * <p>Shapes: any; with a scale for each channel, those of the step's {@link ChannelLayout}. Values must be of type
 * float32. A scale that the optimizer moves below the least normal float is put there, a zero point beyond the codes at
 * their end. Source: the straight-through rule of {@link FakeQuantizer}; Esser et al., "Learned Step Size
 * Quantization", 2020.
 */
public final class FakeQuantize extends AbstractBlock {
    private final LearnedStep start;
    private final Parameter scales;

    /** Null where the zero point does not learn. */
    private final Parameter zeroPoint;

    /** A block that begins with a step. */
    public FakeQuantize(LearnedStep start) {
        this.start = start;
        int channels = start.quantizer().channels();
        float[] first = new float[channels];
        for (int c = 0; c < channels; c++) {
            first[c] = start.scale(c);
        }
        scales = addParameter(parameter("scale", first));
        zeroPoint = start.isAffine() ? addParameter(parameter("zeroPoint", start.zeroPoint(0))) : null;
    }

    private static Parameter parameter(String name, float... first) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(first.length))
                .optInitializer((manager, shape, type) -> manager.create(first, shape))
                .build();
    }

    /** The step as it is now: where training has led to, once it has ended. */
    public LearnedStep step() {
        return scales.isInitialized()
                ? step(scales.getArray(), zeroPoint == null ? null : zeroPoint.getArray())
                : start;
    }

    private LearnedStep step(NDArray s, NDArray z) {
        CodeRange codes = start.codes();
        float[] values = held(s, Float.MIN_NORMAL, Float.MAX_VALUE);
        LearnedStep step;
        if (z != null) {
            float zero = held(z, codes.low(), codes.high())[0];
            step = LearnedStep.affine(codes, values[0], zero, start.elements());
        } else if (layout() != null) {
            step = LearnedStep.symmetric(layout(), codes, values, start.elements());
        } else {
            step = LearnedStep.symmetric(codes, values[0], start.elements());
        }
        return step.as(start.quantizer().profile());
    }

    /** The values of a parameter, those that have left an interval put at its ends. */
    private static float[] held(NDArray parameter, float low, float high) {
        float[] values = parameter.toFloatArray();
        boolean moved = false;
        for (int i = 0; i < values.length; i++) {
            float value = Math.min(Math.max(values[i], low), high);
            moved |= value != values[i];
            values[i] = value;
        }
        if (moved) {
            parameter.set(values);
        }
        return values;
    }

    private ChannelLayout layout() {
        return start.quantizer().layout().orElse(null);
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        Validate.isTrue(
                x.getDataType() == DataType.FLOAT32, "values to quantize must be float32, were %s", x.getDataType());
        NDArray s = store.getValue(scales, x.getDevice(), training);
        NDArray z = zeroPoint == null ? null : store.getValue(zeroPoint, x.getDevice(), training);
        LearnedStep step = step(s, z);
        NDManager manager = x.getManager();
        // What is made on the way is closed here. The engine keeps what it needs for the way back, but only memory of
        // its own: an array of Java's values lies in a buffer of Java's, which goes with the array. So no gradient is
        // computed from such an array, but from what an operator has made of it.
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(x, s);
            if (z != null) {
                scope.tempAttachAll(z);
            }
            NDArray y = new Pass(step, scope, x).result(s, z, training);
            y.attach(manager);
            return new NDList(y);
        }
    }

    /** One way forward. */
    private static final class Pass {
        private final LearnedStep step;
        private final FakeQuantizer quantizer;
        private final NDManager scope;
        private final NDArray x;
        private final float[] values;

        private Pass(LearnedStep step, NDManager scope, NDArray x) {
            this.step = step;
            this.scope = scope;
            this.x = x;
            quantizer = step.quantizer();
            values = x.toFloatArray();
        }

        private NDArray result(NDArray s, NDArray z, boolean training) {
            float[] y = new float[values.length];
            quantizer.forward(values, 0, y, 0, y.length);
            NDArray result = scope.create(y, x.getShape());
            if (!training) {
                return result;
            }
            byte[] mask = new byte[values.length];
            float[] d = new float[values.length];
            quantizer.local(values, 0, mask, 0, d, 0, values.length);
            float[] outside = new float[values.length];
            for (int i = 0; i < values.length; i++) {
                outside[i] = mask[i] == 1 || Float.isNaN(values[i]) ? 0 : -quantizer.scale(0);
            }
            NDArray passes = scope.create(mask, x.getShape()).neq(0);
            NDArray passing = NDArrays.where(passes, x, x.zerosLike());
            result = result.add(nothing(passing)).add(along(d, s));
            return z == null ? result : result.add(along(outside, z));
        }

        /** 0, with the gradients {@code derivatives} times LSQ's scale to a parameter of each channel. */
        private NDArray along(float[] derivatives, NDArray parameter) {
            long channels = parameter.size();
            Shape byChannel = new Shape(
                    -1, channels, quantizer.layout().map(ChannelLayout::inner).orElse(values.length));
            return scope.create(derivatives, x.getShape())
                    .mul(step.gradientScale())
                    .reshape(byChannel)
                    .mul(nothing(parameter.reshape(channels, 1)))
                    .reshape(x.getShape());
        }

        private static NDArray nothing(NDArray array) {
            return array.sub(array.stopGradient());
        }
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return inputShapes;
    }
}
