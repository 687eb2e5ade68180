// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import java.util.function.IntUnaryOperator;

/** Octant's own tables: the function in double on the float of the input code, rounded once to float, quantized. */
final class OnnxTables implements EngineTables {
    static final EngineTables INSTANCE = new OnnxTables();

    private OnnxTables() {}

    @Override
    public IntUnaryOperator codes(Activation op, QuantParams in, QuantParams out) {
        return code -> {
            float x = in.dequantize(code);
            double y = op.value(x);
            if (Double.isNaN(y)) {
                throw new IllegalArgumentException(op + " must be a number for every input, was NaN at " + x);
            }
            return out.quantize((float) y);
        };
    }
}
