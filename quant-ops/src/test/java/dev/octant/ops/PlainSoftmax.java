// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** The rules of softmax written element by element, with sums in the order of the row. */
final class PlainSoftmax {
    private PlainSoftmax() {}

    /** One of the rules. */
    @FunctionalInterface
    interface Row {
        /** Codes of a row of codes. */
        int[] of(int[] row, QuantParams in, QuantParams out);
    }

    static int[] onnx(int[] row, QuantParams in, QuantParams out) {
        int max = Arrays.stream(row).max().getAsInt();
        double total = sum(row, max, in);
        return codes(row, out, 0, 1, code -> Math.exp((code - max) * (double) in.scale()) / total);
    }

    static int[] logOnnx(int[] row, QuantParams in, QuantParams out) {
        int max = Arrays.stream(row).max().getAsInt();
        double log = Math.log(sum(row, max, in));
        return codes(row, out, Double.NEGATIVE_INFINITY, 0, code -> (code - max) * (double) in.scale() - log);
    }

    /** The exponentials of a row, added in its order. */
    private static double sum(int[] row, int max, QuantParams in) {
        double sum = 0;
        for (int code : row) {
            sum += Math.exp((code - max) * (double) in.scale());
        }
        return sum;
    }

    private static int[] codes(int[] row, QuantParams out, double low, double high, IntToDoubleFunction value) {
        Grid grid = new Grid(
                out.scale(), out.zeroPoint(), out.type().low(), out.type().high());
        int[] inside = Oracle.codesWithin(grid, low, high);
        return Arrays.stream(row)
                .map(code -> Oracle.quantize((float) value.applyAsDouble(code), grid))
                .map(code -> Math.min(Math.max(code, inside[0]), inside[1]))
                .toArray();
    }

    static int[] onnxRuntime(int[] row, QuantParams in, QuantParams out) {
        double scale = in.scale();
        double shift = Math.max(0, (float) Math.log(Float.MAX_VALUE / row.length) - 5.0) / scale;
        int max = Arrays.stream(row).max().getAsInt();
        float sum = 0;
        for (int code : row) {
            sum += (float) Math.exp((code - max + shift) * scale);
        }
        float total = sum;
        float steps = (float) Math.floor(1 / out.scale());
        return Arrays.stream(row)
                .map(code -> {
                    float e = (float) Math.exp((code - max + shift) * scale);
                    // Where the engine's product is infinite it converts that to an integer: its defect.
                    boolean isFinite = Float.isFinite(e * steps);
                    double share = isFinite ? e * steps / total : (double) e * steps / total;
                    return (int) Math.min(
                            Math.rint(share) + out.zeroPoint(), out.type().high());
                })
                .toArray();
    }

    static int[] xnnpack(int[] row, QuantParams in, QuantParams out) {
        double unit = Math.min(0xFFFFFFFFL / (double) row.length, 8388607.0);
        int max = Arrays.stream(row).max().getAsInt();
        long[] t = Arrays.stream(row)
                .mapToLong(code -> (long) Math.rint(unit * Math.exp((code - max) * (double) in.scale())))
                .toArray();
        long sum = Arrays.stream(t).sum();
        return Arrays.stream(t)
                .mapToInt(value -> (int) Math.min((value * 256 + sum / 2) / sum, 255))
                .toArray();
    }
}
