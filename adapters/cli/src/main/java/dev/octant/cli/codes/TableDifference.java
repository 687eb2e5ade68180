// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.ops.QuantizedActivation;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An input code to which two engines give different output codes.
 *
 * @param code the input code
 * @param x its real value
 * @param y the op's value there, in double
 * @param steps {@code y} in steps of the output scale
 * @param first the output code of the one engine
 * @param second the output code of the other
 * @param reason why they differ
 */
public record TableDifference(int code, float x, double y, double steps, int first, int second, Reason reason) {
    /** What makes two engines differ. */
    public enum Reason {
        CLIPPING("clipping"),
        TIE_RULE("tie rule"),
        RECIPROCAL("reciprocal"),
        FLOAT("float"),
        ARITHMETIC("arithmetic");

        private final String label;

        Reason(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    /**
     * How far the steps of an engine that computes in float may lie from the true ones, as a part of the magnitudes
     * that meet on the way (steps, zero point, and the value x that gates multiply by): 16 roundings of 2^-24 each.
     */
    private static final double FLOAT_ERROR = 0x1p-20;

    /** All differences of two tables between the same grids, in ascending order of code. */
    public static List<TableDifference> between(QuantizedActivation first, QuantizedActivation second) {
        QuantType type = first.input().type();
        return IntStream.rangeClosed(type.low(), type.high())
                .filter(code -> first.apply(code) != second.apply(code))
                .mapToObj(code -> of(code, first, second))
                .toList();
    }

    private static TableDifference of(int code, QuantizedActivation first, QuantizedActivation second) {
        QuantParams out = first.output();
        float x = first.input().dequantize(code);
        double y = first.activation().value(x);
        double steps = y / out.scale();
        Reason reason = isClipped(first, code, y) || isClipped(second, code, y)
                ? Reason.CLIPPING
                : reason((float) y, steps, Math.abs(x / (double) out.scale()), out);
        return new TableDifference(code, x, y, steps, first.apply(code), second.apply(code), reason);
    }

    private static boolean isClipped(QuantizedActivation op, int code, double y) {
        return op.profile() == Profile.ONNX && op.output().quantize((float) y) != op.apply(code);
    }

    private static Reason reason(float y, double steps, double inputSteps, QuantParams out) {
        boolean divided = isTie(Profile.ONNX.steps(y, out.scale()));
        boolean multiplied = isTie(Profile.XNNPACK.steps(y, out.scale()));
        if (isTie(steps) || (divided && multiplied)) {
            return Reason.TIE_RULE;
        }
        if (divided || multiplied) {
            return Reason.RECIPROCAL;
        }
        double toTie = Math.abs(steps - (Math.floor(steps) + 0.5));
        double magnitude = Math.max(Math.max(Math.abs(steps), inputSteps), Math.max(Math.abs(out.zeroPoint()), 1));
        return toTie <= magnitude * FLOAT_ERROR ? Reason.FLOAT : Reason.ARITHMETIC;
    }

    private static boolean isTie(double steps) {
        return steps - Math.floor(steps) == 0.5;
    }
}
