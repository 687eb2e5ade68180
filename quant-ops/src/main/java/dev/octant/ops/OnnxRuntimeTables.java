package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** To be filled in. */
final class OnnxRuntimeTables implements EngineTables {
    static final EngineTables INSTANCE = new OnnxRuntimeTables();

    private OnnxRuntimeTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        throw EngineTables.missing(Profile.ONNX_RUNTIME, op);
    }
}
