// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** How an engine computes its 8-bit activations: one implementation per {@link Profile}, stateless. */
interface EngineTables {
    /**
     * The rule from input codes to output codes, saturated to the output type's codes and not clipped further. It is
     * defined for every code a raw byte of the input type can hold.
     *
     * @throws IllegalArgumentException if the engine does not have {@code op}, or not between these grids
     */
    IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out);

    /** Whether this engine computes {@code op} on the codes themselves, so that output parameters are the input's. */
    default boolean keepsGrid(Activation op) {
        return false;
    }

    /** The tables of {@code profile}. */
    static EngineTables of(Profile profile) {
        return switch (profile) {
            case ONNX -> OnnxTables.INSTANCE;
            case ONNX_RUNTIME -> OnnxRuntimeTables.INSTANCE;
            case TFLITE -> TfliteTables.INSTANCE;
            case XNNPACK -> XnnpackTables.INSTANCE;
            case PYTORCH -> PytorchTables.INSTANCE;
        };
    }

    /** The refusal of an op that the engine does not have. */
    static IllegalArgumentException missing(Profile profile, Activation op) {
        return new IllegalArgumentException("profile " + profile + " has no " + op.name());
    }
}
