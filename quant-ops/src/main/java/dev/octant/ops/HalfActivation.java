// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.text.Given;
import dev.octant.core.scalar.HalfType;
import java.nio.ShortBuffer;
import org.apache.commons.lang3.Validate;

/**
 * An activation on float16 or bfloat16, compiled to a table of 65,536 entries.
 *
 * <pre>
 * dst[i] = type.fromFloat(f(type.toFloat(src[i])))
 * </pre>
 *
 * <p>The value is widened to float, the function gives a float, and that is rounded once to 16 bits. SiLU is computed
 * in float as PyTorch does on a CPU, {@code x / (1 + exp(-x))}; each other function is its double reference rounded
 * to float. A SiLU result is within 0.5 + 2^-11 units in the last place (float16; bfloat16 0.5 + 2^-14) of the exact
 * one, except for inputs below -88.73, where the float exponential overflows and the result is -0 instead of a value
 * smaller than 2.7e-37.
 *
 * <p>Shapes: flat blocks of raw 16-bit values by offset and length, or what remains of a buffer, whose position then
 * advances past it. Aliasing: blocks of one array may be the same, and otherwise must not overlap. Buffers may overlap
 * in any way, and may be one buffer, whose position then advances once: the destination gets what a copy of the source
 * would have given.
 *
 * <p>NaN and infinity: NaN stays NaN with its sign. An infinity gives the function's limit: SiLU of -infinity is -0,
 * where PyTorch gives NaN (an infinity divided by an infinity). A result beyond the type's largest value is an
 * infinity.
 *
 * <p>Errors: a function that is NaN for a finite input is refused with {@link IllegalArgumentException}, as is a
 * destination that is read-only or has too little room; blocks outside their array throw {@link
 * IndexOutOfBoundsException}; all before anything is written or a position moves. Immutable, thread safe; applying it
 * allocates nothing. Source: PyTorch {@code aten/src/ATen/native/cpu/Activation.cpp}.
 */
public final class HalfActivation {
    private final Activation activation;
    private final HalfType type;

    /** Indexed by the raw value read as 0..65535. */
    private final short[] byRaw;

    private HalfActivation(Activation activation, HalfType type, short[] byRaw) {
        this.activation = activation;
        this.type = type;
        this.byRaw = byRaw;
    }

    /**
     * Tabulates an activation.
     *
     * @throws IllegalArgumentException if the function gives NaN for a finite input
     */
    public static HalfActivation compile(Activation activation, HalfType type) {
        Validate.notNull(activation, "activation must be given, was null");
        Validate.notNull(type, "type of %s must be given, was null", activation);
        short[] byRaw = new short[HalfType.RAW_VALUES];
        for (int raw = 0; raw < byRaw.length; raw++) {
            float x = type.toFloat((short) raw);
            float y = Float.isNaN(x) ? x : value(activation, x);
            if (Float.isNaN(y) && Float.isFinite(x)) {
                throw new IllegalArgumentException(activation + " must be a number for every input, was NaN at " + x);
            }
            byRaw[raw] = type.fromFloat(y);
        }
        return new HalfActivation(activation, type, byRaw);
    }

    private static float value(Activation activation, float x) {
        return activation.kind() == ActivationKind.SILU ? silu(x) : (float) activation.value(x);
    }

    /** Every operation in float; the limit at -infinity is stated, as the formula has none there. */
    private static float silu(float x) {
        return x == Float.NEGATIVE_INFINITY ? -0f : x / (1 + (float) Math.exp(-x));
    }

    /** The function tabulated. */
    public Activation activation() {
        return activation;
    }

    /** The type of the values that go in and come out. */
    public HalfType type() {
        return type;
    }

    /** The result for one value's raw bits. */
    public short apply(short raw) {
        return byRaw[raw & 0xFFFF];
    }

    /** Maps {@code length} raw values. */
    public void apply(short[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        run(byRaw, src, srcOffset, dst, dstOffset, length);
    }

    /** Maps a whole array into another of at least its length. */
    public void apply(short[] src, short[] dst) {
        Given.require("source", src);
        apply(src, 0, dst, 0, src.length);
    }

    /** Maps what remains of {@code src}; buffers may be direct or on the heap. */
    public void apply(ShortBuffer src, ShortBuffer dst) {
        int length = Bounds.remaining(src, dst);
        ShortBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging staging = Staging.take()) {
            short[] block = staging.halves;
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, block, 0, n);
                run(byRaw, block, 0, block, 0, n);
                dst.put(to + at, block, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    private static void run(short[] table, short[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = table[src[srcOffset + i] & 0xFFFF];
        }
    }

    @Override
    public String toString() {
        return activation + " on " + type;
    }
}
