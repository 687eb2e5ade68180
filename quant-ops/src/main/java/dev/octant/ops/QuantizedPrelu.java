// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.TensorQuantizer;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * PReLU of a quantized tensor with a tensor of slopes, which is broadcast to it: one for each element, for each
 * channel, or any other way ONNX has.
 *
 * <pre>
 * output.quantize(x &lt; 0 ? slope x : x), x = input.dequantize(q)        one float multiplication
 * </pre>
 *
 * <p>That is ONNX's {@code DequantizeLinear}, {@code PRelu}, {@code QuantizeLinear}.
 * With one slope for the tensor {@link Activation#prelu} gives the same codes as a table, and is faster.
 *
 * <p>Shapes: the tensor is flat and row-major; its shape, and that of the slopes, are given when this is made, and
 * every call takes a whole tensor. Aliasing: source and destination in one array may be the same block, and otherwise
 * must not overlap, which is checked.
 *
 * <p>Slopes must be finite. Codes beyond the output grid saturate; NaN does not occur: a slope of 0 gives 0, also where
 * the real value of a code is infinite. Blocks outside their array throw {@link IndexOutOfBoundsException}, tensors of
 * other parameters or lengths {@link IllegalArgumentException}, what is missing {@link NullPointerException}; all
 * before anything is written. Immutable and thread safe; applying it to arrays allocates nothing. Source: ONNX operator
 * specification, {@code PRelu} (opset 16).
 */
public final class QuantizedPrelu {
    private final QuantParams input;
    private final QuantParams output;
    private final TensorQuantizer from;
    private final TensorQuantizer to;
    private final Broadcast broadcast;
    private final float[] slopes;

    private QuantizedPrelu(QuantParams input, QuantParams output, Broadcast broadcast, float[] slopes) {
        this.input = input;
        this.output = output;
        this.from = TensorQuantizer.of(input);
        this.to = TensorQuantizer.of(output);
        this.broadcast = broadcast;
        this.slopes = slopes;
    }

    /**
     * PReLU between two grids.
     *
     * @param slopes row-major, copied
     * @param broadcast from the slopes' shape to the tensor's
     * @throws IllegalArgumentException if a slope is not finite, or there are not as many as the broadcast's source has
     */
    public static QuantizedPrelu of(QuantParams input, QuantParams output, float[] slopes, Broadcast broadcast) {
        Given.require("input", input);
        Given.require("output", output);
        Given.require("slopes", slopes);
        Given.require("broadcast", broadcast);
        Validate.isTrue(
                slopes.length == broadcast.sourceSize(),
                "slopes must be the %s of their shape, were %s",
                broadcast.sourceSize(),
                slopes.length);
        for (int i = 0; i < slopes.length; i++) {
            Validate.isTrue(Float.isFinite(slopes[i]), "slope must be finite, was %s at %s", slopes[i], i);
        }
        return new QuantizedPrelu(input, output, broadcast, slopes.clone());
    }

    /** The grid of the codes that go in. */
    public QuantParams input() {
        return input;
    }

    /** The grid of the codes that come out. */
    public QuantParams output() {
        return output;
    }

    /** Which slope each element has. */
    public Broadcast broadcast() {
        return broadcast;
    }

    /** The code of one element: what {@link #apply(byte[], int, byte[], int)} writes in its place. */
    public int apply(int code, int element) {
        input.type().raw(code);
        return output.quantize(value(input.dequantize(code), slopes[broadcast.source(element)]));
    }

    /** Maps a whole tensor: as many raw bytes as its shape has elements. */
    public void apply(byte[] src, int srcOffset, byte[] dst, int dstOffset) {
        int length = broadcast.size();
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        int run = broadcast.run();
        int step = broadcast.step();
        try (Staging staging = Staging.take()) {
            float[] reals = staging.reals;
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                from.dequantize(src, srcOffset + at, reals, 0, n);
                for (int i = 0, m; i < n; i += m) {
                    m = Math.min(run - (at + i) % run, n - i);
                    bend(reals, i, m, broadcast.source(at + i), step);
                }
                to.quantize(reals, 0, dst, dstOffset + at, n);
            }
        }
    }

    /** A run of elements, whose slopes begin at {@code slope} and follow each other or are one. */
    private void bend(float[] reals, int offset, int length, int slope, int step) {
        if (step == 0) {
            float one = slopes[slope];
            for (int i = offset; i < offset + length; i++) {
                reals[i] = value(reals[i], one);
            }
        } else {
            for (int i = 0; i < length; i++) {
                reals[offset + i] = value(reals[offset + i], slopes[slope + i]);
            }
        }
    }

    private static float value(float x, float slope) {
        if (x >= 0) {
            return x;
        }
        return slope == 0 ? 0 : slope * x;
    }

    /** The activation of a tensor, as a new tensor; its parameters must be {@link #input()}. */
    public QuantizedTensor apply(QuantizedTensor src) {
        Given.require("source", src);
        src.requireParams(input);
        Validate.isTrue(
                src.length() == broadcast.size(),
                "source must have the %s codes of its shape, had %s",
                broadcast.size(),
                src.length());
        byte[] codes = new byte[src.length()];
        apply(src.codes(), 0, codes, 0);
        return QuantizedTensor.of(output, codes);
    }

    @Override
    public String toString() {
        return "prelu with " + slopes.length + " slopes: " + input + " -> " + output;
    }
}
