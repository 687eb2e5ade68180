// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.cli.report.drawing.Numbers;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.observers.HistogramSummary;
import dev.octant.ops.QuantizedActivation;
import java.util.stream.IntStream;

/**
 * How far each entry of a table is from the function: {@code (y(table[q]) - f(x(q))) / output scale}, and whether the
 * data holds the code. The table alone is judged: {@code x(q)} is the value the code stands for, not the one it came
 * from.
 */
final class CodeErrors {
    /**
     * Half a step, and room for the table's own float arithmetic: rounding f to float, the division and the product
     * each cost at most 2^-24 of a quotient below 256, 5e-5 of a step together.
     */
    private static final double HALF = 0.5 + 1e-4;

    private final QuantType type;
    private final double[] errors;
    private final boolean[] occurs;
    private final QuantizedActivation op;

    private CodeErrors(QuantizedActivation op) {
        this.op = op;
        this.type = op.input().type();
        this.errors = new double[type.levels()];
        this.occurs = new boolean[type.levels()];
    }

    static CodeErrors of(QuantizedActivation op, HistogramSummary data) {
        CodeErrors result = new CodeErrors(op);
        QuantParams output = op.output();
        for (int q = result.low(); q <= result.high(); q++) {
            double exact = op.activation().value(op.input().dequantize(q));
            double steps = (output.dequantize(op.apply(q)) - exact) / output.scale();
            result.errors[q - result.low()] = Double.isFinite(steps) ? steps : Double.NaN;
        }
        result.markOccurring(data);
        return result;
    }

    /** A cell marks every code its values may have: the pale codes surely do not occur. */
    private void markOccurring(HistogramSummary data) {
        for (HistogramSummary.Cell cell : data.cells()) {
            float left = (float) cell.left();
            float right = (float) cell.right();
            // The outer edge of a cell is not in it, but for that of the outermost.
            float from = left < 0 && left > data.counts().min() ? Math.nextUp(left) : left;
            float to = right > 0 && right < data.counts().max() ? Math.nextDown(right) : right;
            mark(from, Math.max(from, to));
        }
    }

    private void mark(float from, float to) {
        int last = op.profile().quantize(to, op.input());
        for (int q = op.profile().quantize(from, op.input()); q <= last; q++) {
            occurs[q - low()] = true;
        }
    }

    int low() {
        return type.low();
    }

    int high() {
        return type.high();
    }

    /** The error of a code in output steps; NaN where the function leaves the doubles. */
    double error(int q) {
        return errors[q - low()];
    }

    boolean occurs(int q) {
        return occurs[q - low()];
    }

    /** What becomes of a code, in figures. */
    String text(int q) {
        return "code " + Numbers.code(q) + ", " + Numbers.real(op.input().dequantize(q)) + ": output "
                + Numbers.code(op.apply(q)) + ", "
                + Numbers.real(op.output().dequantize(op.apply(q))) + ", off by " + Numbers.steps(error(q)) + " steps";
    }

    boolean isBeyondHalf(int q) {
        return Math.abs(error(q)) > HALF;
    }

    /** The codes that occur, in ascending order. */
    IntStream occurring() {
        return IntStream.rangeClosed(low(), high()).filter(this::occurs);
    }

    /** The largest magnitude among codes that occur; 0 if there is none. */
    double largest() {
        return occurring()
                .mapToDouble(q -> Math.abs(error(q)))
                .filter(Double::isFinite)
                .max()
                .orElse(0);
    }

    /** Whether more than one code occurs and all give one output. */
    boolean isDead() {
        return occurring().limit(2).count() == 2
                && occurring().map(op::apply).distinct().limit(2).count() == 1;
    }
}
