// SPDX-License-Identifier: Apache-2.0
package dev.octant.examples.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import dev.octant.layers.train.LearnedStep;

/**
 * A linear layer of DJL whose weights pass {@link FakeQuantize}: {@code y = x fake(W)^T + b}. Weights, bias and the
 * weights' step learn.
 */
public final class FakeQuantizedLinear extends AbstractBlock {
    private final Parameter weight;
    private final Parameter bias;
    private final FakeQuantize quantize;

    /** A layer with the values of a trained one, which are copied, and a step for its weights. */
    public FakeQuantizedLinear(Linear trained, LearnedStep step) {
        weight = addParameter(copy(trained, "weight", Parameter.Type.WEIGHT));
        bias = addParameter(copy(trained, "bias", Parameter.Type.BIAS));
        quantize = addChildBlock("quantize", new FakeQuantize(step));
    }

    private static Parameter copy(Linear trained, String name, Parameter.Type type) {
        NDArray array = trained.getParameters().get(name).getArray();
        float[] values = array.toFloatArray();
        return Parameter.builder()
                .setName(name)
                .setType(type)
                .optShape(array.getShape())
                .optInitializer((manager, shape, dataType) -> manager.create(values, shape))
                .build();
    }

    /** The weights before quantization, row by row. */
    public float[] weights() {
        return weight.getArray().toFloatArray();
    }

    /** The step of the weights, as it is now. */
    public LearnedStep step() {
        return quantize.step();
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        NDArray w = store.getValue(weight, x.getDevice(), training);
        NDArray b = store.getValue(bias, x.getDevice(), training);
        NDManager manager = x.getManager();
        try (NDManager scope = manager.newSubManager()) {
            scope.tempAttachAll(x, w, b);
            NDArray quantized = quantize.forward(store, new NDList(w), training).singletonOrThrow();
            NDList y = Linear.linear(x, quantized, b);
            y.attach(manager);
            return y;
        }
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, ai.djl.ndarray.types.DataType type, Shape... inputShapes) {
        quantize.initialize(manager, type, weight.getShape());
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
        return new Shape[] {
            inputShapes[0]
                    .slice(0, inputShapes[0].dimension() - 1)
                    .add(weight.getShape().get(0))
        };
    }
}
