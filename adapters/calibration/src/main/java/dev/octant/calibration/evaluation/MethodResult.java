// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.Method;
import dev.octant.core.RealRange;
import dev.octant.ops.QuantizedActivation;

/**
 * What one method achieved on one tensor.
 *
 * @param method the method
 * @param range the input range it chose
 * @param outputRange the output range that goes with it; output parameters that are fixed for the op do not depend on
 *     it
 * @param quantized the compiled op: input and output parameters and the table
 * @param error what it costs
 * @param bestOutput the same input with the best output range; the method's own output where the op fixes that, or
 *     where the method knows the op
 */
public record MethodResult(
        Method method,
        RealRange range,
        RealRange outputRange,
        QuantizedActivation quantized,
        DataError error,
        BestOutput bestOutput) {
    /** One whose output is the best for its input. */
    public MethodResult(
            Method method, RealRange range, RealRange outputRange, QuantizedActivation quantized, DataError error) {
        this(
                method,
                range,
                outputRange,
                quantized,
                error,
                new BestOutput(outputRange, quantized.output(), error.outputSqnrDb()));
    }

    /**
     * How many of the table's 256 outputs stand for a value that the op cannot have; 0 by construction, unless an
     * engine is followed: those round to the code beyond.
     */
    public int codesOutsideRange() {
        int outside = 0;
        for (byte raw : quantized.table().codes(quantized.input().type())) {
            float value =
                    quantized.output().dequantize(quantized.output().type().code(raw));
            if (!quantized.activation().outputRange().contains(value)) {
                outside++;
            }
        }
        return outside;
    }
}
