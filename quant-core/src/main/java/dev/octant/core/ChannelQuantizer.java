// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.channel.ChannelArrays;
import dev.octant.core.internal.text.Given;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * Quantizes and dequantizes whole tensors with parameters of their own for every channel, along any axis.
 *
 * <p>Formula, profile, aliasing, NaN, infinities and errors are those of {@link TensorQuantizer}; element {@code i}
 * of a block uses the parameters of channel {@code (i / inner) % channels}, see {@link ChannelLayout}. A block starts
 * at channel 0 and its length must be a multiple of {@code channels x inner}, else {@link IllegalArgumentException};
 * the methods that are told a position take any block. All channels share one {@link QuantType}. Immutable and thread
 * safe.
 */
public final class ChannelQuantizer {
    private final ChannelLayout layout;
    private final List<QuantParams> params;
    private final Profile profile;
    private final ChannelArrays arrays;

    private ChannelQuantizer(ChannelLayout layout, List<QuantParams> params, Profile profile) {
        this.layout = layout;
        this.params = params;
        this.profile = profile;
        QuantType type = params.get(0).type();
        this.arrays = new ChannelArrays(params.size(), type.low(), type.high());
        for (int c = 0; c < params.size(); c++) {
            QuantParams p = params.get(c);
            arrays.set(c, p.scale(), p.zeroPoint(), profile.nanCode(p));
        }
    }

    /**
     * A quantizer of known parameters, one set per channel.
     *
     * @throws IllegalArgumentException if there are not as many as channels, or they differ in type
     */
    public static ChannelQuantizer of(ChannelLayout layout, List<QuantParams> params) {
        return of(layout, params, Profile.ONNX);
    }

    /**
     * A quantizer of known parameters, one set per channel, that follows an engine's rule.
     *
     * @throws IllegalArgumentException if there are not as many as channels, or they differ in type
     */
    public static ChannelQuantizer of(ChannelLayout layout, List<QuantParams> params, Profile profile) {
        Given.require("layout", layout);
        Given.require("params", params);
        Validate.notNull(profile, "profile must be given, was null");
        Validate.isTrue(
                params.size() == layout.channels(),
                "params must have one entry for each of %s channels, had %s",
                layout.channels(),
                params.size());
        QuantType type = params.get(0).type();
        for (int c = 1; c < params.size(); c++) {
            QuantType other = params.get(c).type();
            Validate.isTrue(other == type, "params must share one type, had %s and, at channel %s, %s", type, c, other);
        }
        return new ChannelQuantizer(layout, List.copyOf(params), profile);
    }

    /**
     * A quantizer whose parameters {@code scheme} chooses, channel by channel.
     *
     * @param sources a range or a summary of observed data for each channel, in order
     * @throws IllegalArgumentException if there are not as many as channels, or a range is infinite as floats
     * @throws IllegalStateException if a summary has seen nothing finite
     */
    public static ChannelQuantizer fit(
            ChannelLayout layout, List<? extends Ranged> sources, QuantType type, QuantScheme scheme) {
        Given.require("layout", layout);
        Given.require("sources", sources);
        Given.require("type", type);
        Given.require("scheme", scheme);
        return of(
                layout,
                sources.stream().map(s -> scheme.choose(s.range(), type)).toList());
    }

    /** A quantizer that uses the same parameters for every channel: a per-tensor target to requantize to. */
    public static ChannelQuantizer uniform(ChannelLayout layout, QuantParams params) {
        Given.require("layout", layout);
        Given.require("params", params);
        return of(
                layout,
                IntStream.range(0, layout.channels()).mapToObj(c -> params).toList());
    }

    /** Where the channels lie. */
    public ChannelLayout layout() {
        return layout;
    }

    /** The parameters, by channel. */
    public List<QuantParams> params() {
        return params;
    }

    /** The engine whose rule is followed. */
    public Profile profile() {
        return profile;
    }

    /** Quantizes {@code length} values. */
    public void quantize(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        quantize(src, srcOffset, dst, dstOffset, checkLength(length), 0);
    }

    /**
     * Quantizes a part of a tensor: {@code length} values, any number, of which the first is element {@code position}
     * of the tensor.
     *
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public void quantize(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, long position) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        long start = phase(position);
        int channel = channel(start);
        int n = runLength(start, length);
        for (int at = 0; at < length; ) {
            quantizeRun(profile, src, srcOffset + at, dst, dstOffset + at, n, channel);
            at += n;
            n = Math.min(unit(), length - at);
            channel = after(channel);
        }
    }

    /** Quantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void quantize(FloatBuffer src, ByteBuffer dst) {
        int length = checkLength(Bounds.remaining(src, dst));
        FloatBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = runLength(at, Math.min(Staging.BLOCK, length - at));
                source.get(from + at, block.reals, 0, n);
                quantizeRun(profile, block.reals, 0, block.codes, 0, n, channel(at));
                dst.put(to + at, block.codes, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** Dequantizes {@code length} codes. */
    public void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        dequantize(src, srcOffset, dst, dstOffset, checkLength(length), 0);
    }

    /**
     * Dequantizes a part of a tensor: {@code length} codes, any number, of which the first is element {@code
     * position} of the tensor.
     *
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, long position) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        long start = phase(position);
        int channel = channel(start);
        int n = runLength(start, length);
        for (int at = 0; at < length; ) {
            dequantizeRun(src, srcOffset + at, dst, dstOffset + at, n, channel);
            at += n;
            n = Math.min(unit(), length - at);
            channel = after(channel);
        }
    }

    /** Dequantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void dequantize(ByteBuffer src, FloatBuffer dst) {
        int length = checkLength(Bounds.remaining(src, dst));
        ByteBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = runLength(at, Math.min(Staging.BLOCK, length - at));
                source.get(from + at, block.codes, 0, n);
                dequantizeRun(block.codes, 0, block.reals, 0, n, channel(at));
                dst.put(to + at, block.reals, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** Replaces {@code length} values by what their channel's grid holds in their place. */
    public void fakeQuantize(float[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        checkLength(length);
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = runLength(at, Math.min(Staging.BLOCK, length - at));
                quantizeRun(profile, src, srcOffset + at, block.codes, 0, n, channel(at));
                dequantizeRun(block.codes, 0, dst, dstOffset + at, n, channel(at));
            }
        }
    }

    /**
     * Moves {@code length} codes to the grids of {@code target}, rounding by this quantizer's profile.
     *
     * @throws IllegalArgumentException if {@code target} has another layout
     */
    public void requantize(byte[] src, int srcOffset, ChannelQuantizer target, byte[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        checkLayout(target);
        checkLength(length);
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = runLength(at, Math.min(Staging.BLOCK, length - at));
                requantizeRun(src, srcOffset + at, target, dst, dstOffset + at, n, channel(at), block);
            }
        }
    }

    /** The same for what remains of {@code src}; buffers may be direct or on the heap. */
    public void requantize(ByteBuffer src, ChannelQuantizer target, ByteBuffer dst) {
        checkLayout(target);
        int length = checkLength(Bounds.remaining(src, dst));
        ByteBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = runLength(at, Math.min(Staging.BLOCK, length - at));
                source.get(from + at, block.codes, 0, n);
                requantizeRun(block.codes, 0, target, block.codes, 0, n, channel(at), block);
                dst.put(to + at, block.codes, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** Where in the period of the layout a position lies. */
    private long phase(long position) {
        if (position < 0) {
            throw new IllegalArgumentException("position must not be negative, was " + position);
        }
        return position % layout.period();
    }

    /** Whose parameters a kernel call at {@code at} begins with. */
    private int channel(long at) {
        return (int) (layout.inner() == 1 ? at % arrays.length() : at / layout.inner() % layout.channels());
    }

    /**
     * How many elements from {@code at} on one kernel call can take: one channel's, or many rows where channels are
     * last.
     */
    private int runLength(long at, int most) {
        return Math.min(unit() - (int) (at % unit()), most);
    }

    private int unit() {
        return layout.inner() == 1 ? arrays.length() : layout.inner();
    }

    /** Whose parameters come after a call that went to the end of its unit: short rows have no time for divisions. */
    private int after(int channel) {
        return layout.inner() == 1 || channel == layout.channels() - 1 ? 0 : channel + 1;
    }

    private void quantizeRun(Profile rule, float[] src, int srcOffset, byte[] dst, int dstOffset, int n, int channel) {
        if (layout.inner() == 1) {
            rule.quantize(arrays, channel, src, srcOffset, dst, dstOffset, n);
        } else {
            rule.quantize(params.get(channel), src, srcOffset, dst, dstOffset, n);
        }
    }

    private void dequantizeRun(byte[] src, int srcOffset, float[] dst, int dstOffset, int n, int channel) {
        if (layout.inner() == 1) {
            Kernels.DEQUANTIZE_CHANNELS.current().run(src, srcOffset, dst, dstOffset, n, arrays, channel);
        } else {
            params.get(channel).dequantize(src, srcOffset, dst, dstOffset, n);
        }
    }

    /** Uses the staging's reals and table. */
    private void requantizeRun(
            byte[] src,
            int srcOffset,
            ChannelQuantizer target,
            byte[] dst,
            int dstOffset,
            int n,
            int channel,
            Staging staging) {
        if (layout.inner() == 1) {
            float[] reals = staging.reals;
            dequantizeRun(src, srcOffset, reals, 0, n, channel);
            target.quantizeRun(profile, reals, 0, dst, dstOffset, n, channel);
        } else {
            QuantParams from = params.get(channel);
            QuantParams to = target.params.get(channel);
            profile.requantize(from, to, src, srcOffset, dst, dstOffset, n, staging);
        }
    }

    private int checkLength(int length) {
        if (length % layout.period() != 0) {
            throw new IllegalArgumentException("length must be a multiple of channels x inner = " + layout.channels()
                    + " x " + layout.inner() + ", was " + length);
        }
        return length;
    }

    private void checkLayout(ChannelQuantizer target) {
        Given.require("target", target);
        if (!layout.equals(target.layout)) {
            throw new IllegalArgumentException("target must have the layout " + layout + ", had " + target.layout);
        }
    }

    @Override
    public String toString() {
        return layout + " of " + params;
    }
}
