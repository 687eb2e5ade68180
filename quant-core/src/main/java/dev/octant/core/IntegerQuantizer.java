// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.channel.ChannelArrays;
import dev.octant.core.internal.packed.Packing;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.wide.WideDequantize;
import dev.octant.core.internal.wide.WideQuantize;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import org.apache.commons.lang3.Validate;

/**
 * Quantizes and dequantizes tensors to any {@link IntegerType}, of 2 to 16 bits, with one scale and zero point for the
 * tensor, for each channel, or for each block along an axis.
 *
 * <pre>
 * quantize       q = clamp(rint(x / scale[g]) + zeroPoint[g], qmin, qmax)
 * dequantize     x = (q - zeroPoint[g]) * scale[g]                          one float multiplication
 * g              0; the channel of {@link ChannelLayout}; the block of {@link BlockLayout}
 * </pre>
 *
 * <p>That is ONNX {@code QuantizeLinear} and {@code DequantizeLinear} of float32 with scales of float32, opset 21 and
 * later; a quantizer of another {@link Profile} rounds as that engine does. For tensors of 8 bits without blocks there
 * are {@link TensorQuantizer} and {@link ChannelQuantizer}, which do more and give the same codes.
 *
 * <p>Shapes: tensors are flat and row-major. A call takes a part of the tensor, any number of elements, of which the
 * first is element {@code position} of it, or 0 where no position is said; a part must not go beyond the last block.
 * Codes are raw bytes, or shorts of a wide type; the offsets of packed codes count bytes, lengths always count
 * elements, and a part of a packed tensor begins with the first bits of its first byte. {@link
 * IntegerType#storedLength} is how much room codes take. Units: a scale is the real distance of two neighbouring codes.
 *
 * <p>Aliasing: arrays of floats and of codes cannot be one. Buffers may overlap in any way: the destination gets what
 * it would have got from a copy of the source; their positions advance past what was read and written. Nothing is
 * allocated, but for that copy, see {@link TensorQuantizer}.
 *
 * <p>NaN becomes the zero point, infinities saturate; see {@link Profile}. Blocks outside their array throw {@link
 * IndexOutOfBoundsException}, a destination buffer that is read-only or has too little room, codes in bytes of a wide
 * type and the other way round, and parts outside the tensor {@link IllegalArgumentException}, what is missing {@link
 * NullPointerException}; all before anything is written or a position moves. Immutable and thread safe.
 *
 * <p>Speed: runs of 8 bits and less with one scale go through the vector kernels of the machine, block by block; codes
 * of 16 bits through scalar loops that the JIT vectorises. Source: ONNX operator specification.
 */
public final class IntegerQuantizer {
    /** As far as no group ends: a tensor of one group has no other end. */
    private static final int ENDLESS = 1 << 30;

    private final IntegerType type;
    private final Profile profile;
    private final float[] scales;
    private final int[] zeroPoints;

    /** The tensor's shape around the axis; how many elements it has, of channels without end. */
    private final int axis;

    private final int inner;
    private final int block;
    private final long size;

    /** Whether every position before the axis has parameters of its own; else all use those of the first. */
    private final boolean blocked;

    /** Whether neighbouring elements have parameters of their own. */
    private final boolean each;

    /** Runs that one kernel call takes have this length, and begin anew at every row; the last of a row is shorter. */
    private final int unit;

    private final int row;

    /** The parameters for kernels that take another at each element; null where none does. */
    private final ChannelArrays arrays;

    /** Channels are blocks of one element along their axis, with those of the first row for all. */
    private IntegerQuantizer(
            IntegerType type, ChannelLayout layout, float[] scales, int[] zeroPoints, Profile profile) {
        this.type = type;
        this.profile = profile;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.axis = layout.channels();
        this.inner = layout.inner();
        this.block = 1;
        this.size = Long.MAX_VALUE;
        this.blocked = false;
        this.each = inner == 1 && axis > 1;
        this.arrays = arrays();
        if (axis == 1) {
            this.unit = ENDLESS;
            this.row = ENDLESS;
        } else {
            this.row = arrays != null ? arrays.length() : axis * inner;
            this.unit = each ? row : inner;
        }
    }

    private IntegerQuantizer(IntegerType type, BlockLayout layout, float[] scales, int[] zeroPoints, Profile profile) {
        this.type = type;
        this.profile = profile;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.axis = layout.axis();
        this.inner = layout.inner();
        this.block = layout.block();
        this.size = layout.size();
        this.blocked = true;
        this.each = inner > 1;
        this.arrays = arrays();
        this.row = each ? inner : axis;
        this.unit = each ? inner : block;
    }

    private ChannelArrays arrays() {
        if (!each || type.isWide()) {
            return null;
        }
        ChannelArrays made = new ChannelArrays(scales.length, type.low(), type.high());
        for (int g = 0; g < scales.length; g++) {
            made.set(g, scales[g], zeroPoints[g], profile.nanCode(zeroPoints[g], type.low()));
        }
        return made;
    }

    /**
     * One scale and zero point for the tensor.
     *
     * @throws IllegalArgumentException if the scale is not a positive normal float or the zero point no code of the
     *     type
     */
    public static IntegerQuantizer of(IntegerType type, float scale, int zeroPoint) {
        return of(type, new ChannelLayout(1, 1), new float[] {scale}, new int[] {zeroPoint});
    }

    /**
     * A scale and a zero point for each channel.
     *
     * @param scales by channel, copied
     * @param zeroPoints by channel, copied
     * @throws IllegalArgumentException if there are not as many as channels, a scale is not a positive normal float, or
     *     a zero point no code of the type
     */
    public static IntegerQuantizer of(IntegerType type, ChannelLayout layout, float[] scales, int[] zeroPoints) {
        Given.require("layout", layout);
        check(type, layout.channels(), scales, zeroPoints);
        return new IntegerQuantizer(type, layout, scales.clone(), zeroPoints.clone(), Profile.ONNX);
    }

    /**
     * A scale and a zero point for each block along an axis.
     *
     * @param scales by block, row-major, as ONNX has them; copied
     * @param zeroPoints by block, copied
     * @throws IllegalArgumentException if there are not as many as blocks, a scale is not a positive normal float, or a
     *     zero point no code of the type
     */
    public static IntegerQuantizer of(IntegerType type, BlockLayout layout, float[] scales, int[] zeroPoints) {
        Given.require("layout", layout);
        check(type, layout.groups(), scales, zeroPoints);
        return new IntegerQuantizer(type, layout, scales.clone(), zeroPoints.clone(), Profile.ONNX);
    }

    private static void check(IntegerType type, int groups, float[] scales, int[] zeroPoints) {
        Given.require("type", type);
        Given.require("scales", scales);
        Given.require("zero points", zeroPoints);
        Validate.isTrue(
                scales.length == groups, "scales must be one for each of %s groups, were %s", groups, scales.length);
        Validate.isTrue(
                zeroPoints.length == groups,
                "zero points must be one for each of %s groups, were %s",
                groups,
                zeroPoints.length);
        for (int g = 0; g < groups; g++) {
            float scale = scales[g];
            int zeroPoint = zeroPoints[g];
            if (!(scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE)) {
                throw new IllegalArgumentException("scale must be a positive normal float (" + Float.MIN_NORMAL + " to "
                        + Float.MAX_VALUE + "), was " + scale + " in group " + g);
            }
            if (zeroPoint < type.low() || zeroPoint > type.high()) {
                throw new IllegalArgumentException("zero point must be within " + type.low() + ".." + type.high()
                        + " of " + type + ", was " + zeroPoint + " in group " + g);
            }
        }
    }

    /** The same grids by an engine's rule; that of a new quantizer is {@link Profile#ONNX}. */
    public IntegerQuantizer withProfile(Profile newProfile) {
        Given.require("profile", newProfile);
        return blocked
                ? new IntegerQuantizer(
                        type,
                        new BlockLayout((int) (size / axis / inner), axis, inner, block),
                        scales,
                        zeroPoints,
                        newProfile)
                : new IntegerQuantizer(type, new ChannelLayout(axis, inner), scales, zeroPoints, newProfile);
    }

    /** The type of the codes. */
    public IntegerType type() {
        return type;
    }

    /** The engine whose rule is followed. */
    public Profile profile() {
        return profile;
    }

    /** How many sets of parameters there are: 1, as many as channels, or as many as blocks. */
    public int groups() {
        return scales.length;
    }

    /**
     * The step of a group.
     *
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public float scale(int group) {
        return scales[Bounds.index("group", group, groups())];
    }

    /**
     * The code of real 0 of a group.
     *
     * @throws IndexOutOfBoundsException if there is no such group
     */
    public int zeroPoint(int group) {
        return zeroPoints[Bounds.index("group", group, groups())];
    }

    /**
     * The group of an element of the tensor: the place of its scale.
     *
     * @throws IllegalArgumentException if the tensor has no such element
     */
    public int group(long position) {
        checkPart(position, 1);
        if (!blocked) {
            return (int) (position / inner % axis);
        }
        long line = position / inner;
        long along = (axis + block - 1L) / block;
        return (int) ((line / axis * along + line % axis / block) * inner + position % inner);
    }

    /** Quantizes a tensor, or its beginning, to codes in bytes. */
    public void quantize(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        quantize(src, srcOffset, dst, dstOffset, length, 0);
    }

    /** Quantizes {@code length} values from element {@code position} of the tensor on, to codes in bytes. */
    public void quantize(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, long position) {
        Bounds.check("source", src, srcOffset, length);
        Bounds.check("destination", dst, dstOffset, type.storedLength(length));
        requireWide(false);
        checkPart(position, length);
        if (type.bits() == Byte.SIZE) {
            quantizePart(src, srcOffset, dst, dstOffset, length, position);
            return;
        }
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                quantizePart(src, srcOffset + at, staging.codes, 0, n, position + at);
                Packing.pack(staging.codes, 0, dst, dstOffset + type.storedLength(at), n, type.bits());
            }
        }
    }

    /** Quantizes a tensor, or its beginning, to codes in shorts. */
    public void quantize(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        quantize(src, srcOffset, dst, dstOffset, length, 0);
    }

    /** Quantizes {@code length} values from element {@code position} of the tensor on, to codes in shorts. */
    public void quantize(float[] src, int srcOffset, short[] dst, int dstOffset, int length, long position) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        requireWide(true);
        checkPart(position, length);
        quantizeWide(src, srcOffset, dst, dstOffset, length, position);
    }

    /** Quantizes what remains of {@code src}, a tensor or its beginning, to codes in bytes. */
    public void quantize(FloatBuffer src, ByteBuffer dst) {
        Given.require("source", src);
        Given.require("destination", dst);
        requireWide(false);
        int length = src.remaining();
        int stored = type.storedLength(length);
        Bounds.checkRoom(dst, stored);
        checkPart(0, length);
        FloatBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, staging.reals, 0, n);
                quantizePart(staging.reals, 0, staging.codes, 0, n, at);
                if (type.bits() < Byte.SIZE) {
                    Packing.pack(staging.codes, 0, staging.codes, 0, n, type.bits());
                }
                dst.put(to + type.storedLength(at), staging.codes, 0, type.storedLength(n));
            }
        }
        src.position(src.position() + length);
        dst.position(to + stored);
    }

    /** Quantizes what remains of {@code src}, a tensor or its beginning, to codes in shorts. */
    public void quantize(FloatBuffer src, ShortBuffer dst) {
        int length = Bounds.remaining(src, dst);
        requireWide(true);
        checkPart(0, length);
        FloatBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, staging.reals, 0, n);
                quantizeWide(staging.reals, 0, staging.halves, 0, n, at);
                dst.put(to + at, staging.halves, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** Dequantizes a tensor, or its beginning, from codes in bytes. */
    public void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        dequantize(src, srcOffset, dst, dstOffset, length, 0);
    }

    /** Dequantizes {@code length} codes from element {@code position} of the tensor on, which are in bytes. */
    public void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, long position) {
        Bounds.check("destination", dst, dstOffset, length);
        Bounds.check("source", src, srcOffset, type.storedLength(length));
        requireWide(false);
        checkPart(position, length);
        if (type.bits() == Byte.SIZE) {
            dequantizePart(src, srcOffset, dst, dstOffset, length, position);
            return;
        }
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                unpack(src, srcOffset + type.storedLength(at), staging.codes, n);
                dequantizePart(staging.codes, 0, dst, dstOffset + at, n, position + at);
            }
        }
    }

    /** Dequantizes a tensor, or its beginning, from codes in shorts. */
    public void dequantize(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        dequantize(src, srcOffset, dst, dstOffset, length, 0);
    }

    /** Dequantizes {@code length} codes from element {@code position} of the tensor on, which are in shorts. */
    public void dequantize(short[] src, int srcOffset, float[] dst, int dstOffset, int length, long position) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        requireWide(true);
        checkPart(position, length);
        dequantizeWide(src, srcOffset, dst, dstOffset, length, position);
    }

    /**
     * Dequantizes the {@code length} codes that begin at the position of {@code src}, a tensor or its beginning; they
     * are in bytes. The number must be said, as a last byte does not tell how many codes it holds.
     */
    public void dequantize(ByteBuffer src, FloatBuffer dst, int length) {
        Given.require("source", src);
        Given.require("destination", dst);
        requireWide(false);
        int stored = type.storedLength(length);
        checkStored(src.remaining(), stored);
        Bounds.checkRoom(dst, length);
        checkPart(0, length);
        ByteBuffer source = Sources.ofPacked(src, stored, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                byte[] codes = staging.codes;
                if (type.bits() < Byte.SIZE) {
                    source.get(from + type.storedLength(at), staging.otherCodes, 0, type.storedLength(n));
                    unpack(staging.otherCodes, 0, codes, n);
                } else {
                    source.get(from + at, codes, 0, n);
                }
                dequantizePart(codes, 0, staging.reals, 0, n, at);
                dst.put(to + at, staging.reals, 0, n);
            }
        }
        src.position(src.position() + stored);
        dst.position(to + length);
    }

    /**
     * Dequantizes the {@code length} codes that begin at the position of {@code src}, a tensor or its beginning; they
     * are in shorts.
     */
    public void dequantize(ShortBuffer src, FloatBuffer dst, int length) {
        Given.require("source", src);
        Given.require("destination", dst);
        requireWide(true);
        checkStored(src.remaining(), type.storedLength(length));
        Bounds.checkRoom(dst, length);
        checkPart(0, length);
        ShortBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging staging = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, staging.halves, 0, n);
                dequantizeWide(staging.halves, 0, staging.reals, 0, n, at);
                dst.put(to + at, staging.reals, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    private void quantizePart(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, long position) {
        int phase = (int) (position % row);
        int g = first(position, phase);
        int n = Math.min(Math.min(unit - phase % unit, row - phase), length);
        for (int at = 0; at < length; ) {
            if (each) {
                profile.channelQuantizeKernel().run(src, srcOffset + at, dst, dstOffset + at, n, arrays, g);
            } else {
                float scale = scales[g];
                int zeroPoint = zeroPoints[g];
                int low = type.low();
                int nan = profile.nanCode(zeroPoint, low);
                profile.quantizeKernel()
                        .run(src, srcOffset + at, dst, dstOffset + at, n, scale, zeroPoint, low, type.high(), nan);
            }
            at += n;
            phase = phase + n == row ? 0 : phase + n;
            g = next(g, phase, position + at);
            n = Math.min(Math.min(unit, row - phase), length - at);
        }
    }

    private void dequantizePart(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, long position) {
        int phase = (int) (position % row);
        int g = first(position, phase);
        int n = Math.min(Math.min(unit - phase % unit, row - phase), length);
        for (int at = 0; at < length; ) {
            if (each) {
                Kernels.DEQUANTIZE_CHANNELS.current().run(src, srcOffset + at, dst, dstOffset + at, n, arrays, g);
            } else {
                Kernels.DEQUANTIZE
                        .current()
                        .run(src, srcOffset + at, dst, dstOffset + at, n, scales[g], zeroPoints[g], type.isSigned());
            }
            at += n;
            phase = phase + n == row ? 0 : phase + n;
            g = next(g, phase, position + at);
            n = Math.min(Math.min(unit, row - phase), length - at);
        }
    }

    private void quantizeWide(float[] src, int srcOffset, short[] dst, int dstOffset, int length, long position) {
        WideQuantize kernel = profile.wideQuantize();
        int low = type.low();
        int high = type.high();
        int phase = (int) (position % row);
        int g = first(position, phase);
        int n = Math.min(Math.min(unit - phase % unit, row - phase), length);
        for (int at = 0; at < length; ) {
            if (each) {
                kernel.runEach(src, srcOffset + at, dst, dstOffset + at, n, scales, zeroPoints, g, low, high);
            } else {
                kernel.run(src, srcOffset + at, dst, dstOffset + at, n, scales[g], zeroPoints[g], low, high);
            }
            at += n;
            phase = phase + n == row ? 0 : phase + n;
            g = next(g, phase, position + at);
            n = Math.min(Math.min(unit, row - phase), length - at);
        }
        replaceNan(src, srcOffset, dst, dstOffset, length);
    }

    /** The lowest code for NaN, where the engine has that; the loops write the zero point. */
    private void replaceNan(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        if (profile.nanCode(1, 0) == 1) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (Float.isNaN(src[srcOffset + i])) {
                dst[dstOffset + i] = (short) type.low();
            }
        }
    }

    private void dequantizeWide(short[] src, int srcOffset, float[] dst, int dstOffset, int length, long position) {
        boolean signed = type.isSigned();
        int phase = (int) (position % row);
        int g = first(position, phase);
        int n = Math.min(Math.min(unit - phase % unit, row - phase), length);
        for (int at = 0; at < length; ) {
            if (each) {
                WideDequantize.runEach(src, srcOffset + at, dst, dstOffset + at, n, scales, zeroPoints, g, signed);
            } else {
                WideDequantize.run(src, srcOffset + at, dst, dstOffset + at, n, scales[g], zeroPoints[g], signed);
            }
            at += n;
            phase = phase + n == row ? 0 : phase + n;
            g = next(g, phase, position + at);
            n = Math.min(Math.min(unit, row - phase), length - at);
        }
    }

    /** The parameters a run begins with. */
    private int first(long position, int phase) {
        return blocked ? (position == size ? 0 : group(position)) : each ? phase : phase / unit;
    }

    /** The parameters the run after a whole one begins with, at {@code phase} of its row. */
    private int next(int g, int phase, long position) {
        if (each) {
            return first(position, phase);
        }
        return blocked || phase > 0 ? g + 1 : 0;
    }

    private void unpack(byte[] src, int srcOffset, byte[] codes, int n) {
        Packing.unpack(src, srcOffset, codes, 0, n, type.bits(), type.isSigned());
    }

    private void requireWide(boolean wide) {
        if (type.isWide() != wide) {
            throw new IllegalArgumentException("codes of " + type + " must be in " + (wide ? "bytes" : "shorts")
                    + ", were in " + (wide ? "shorts" : "bytes"));
        }
    }

    private void checkPart(long position, int length) {
        if (position < 0 || position > size - length) {
            throw new IllegalArgumentException("part must lie within the tensor's " + size + " elements, was " + length
                    + " from " + position + " on");
        }
    }

    private static void checkStored(int had, int stored) {
        if (had < stored) {
            throw new IllegalArgumentException("source must have " + stored + " elements, had " + had + " remaining");
        }
    }

    @Override
    public String toString() {
        String grids = scales.length == 1
                ? "(scale=" + scales[0] + ", zeroPoint=" + zeroPoints[0] + ")"
                : " with " + scales.length + " scales";
        return type + grids + (blocked ? ", blocks of " + block : "");
    }
}
