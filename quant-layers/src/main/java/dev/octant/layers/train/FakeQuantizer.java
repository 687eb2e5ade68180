// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.ChannelLayout;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.CodeRange;
import dev.octant.core.IntegerQuantizer;
import dev.octant.core.IntegerType;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.fake.FakeGrid;
import dev.octant.core.internal.fake.FakeKernel;
import dev.octant.core.internal.fake.GridRow;
import dev.octant.core.internal.fake.LocalKernel;
import dev.octant.core.internal.fake.PassKernel;
import dev.octant.core.internal.fake.RowKernel;
import dev.octant.core.internal.fake.StepKernel;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BackwardBlocks;
import dev.octant.layers.internal.BlockSums;
import dev.octant.layers.internal.ChannelSums;
import dev.octant.layers.internal.RowSums;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * Replaces floats by what a grid holds in their place, and carries gradients back through that.
 *
 * <pre>
 * forward    y = (clamp(rint(x / scale) + zeroPoint, codes) - zeroPoint) * scale
 * backward   dx = dy where rint(x / scale) + zeroPoint is one of the codes, ends included, else 0
 * </pre>
 *
 * <p>Under the profiles of XNNPACK and PyTorch steps are {@code x * (1 / scale)}, see {@link Profile}. This is the
 * straight-through rule of PyTorch's fake quantization: rounding has the gradient 1, a clamp has it where the rounded
 * code needs none. Codes may be fewer than 256: {@code CodeRange(-8, 7)} is int4. One grid serves the whole tensor, or
 * one each channel of a {@link ChannelLayout}; a block then begins at channel 0, and its length must be a multiple of
 * {@code channels x inner}.
 *
 * <p>NaN becomes 0, the value of the zero point; its gradient is 0, it adds nothing to the sums, and is counted there.
 * Infinities are values beyond the ends: -infinity has the gradients of the lower, +infinity those of the upper.
 *
 * <p>Shapes: flat blocks. Aliasing: blocks of one array are the same or do not overlap, which is checked. Blocks
 * outside their array throw {@link IndexOutOfBoundsException} before anything is written. Immutable and thread safe;
 * forward and backward allocate nothing. Source: PyTorch {@code fake_quantize_per_tensor_affine} and {@code
 * _fake_quantize_learnable_per_tensor_affine}; Esser et al., "Learned Step Size Quantization", 2020.
 */
public final class FakeQuantizer implements StraightThrough {
    /** Codes fit 17 bits, so steps are exact in the loops. */
    private static final int WIDEST = 1 << 16;

    /** Null if one grid serves all. */
    private final ChannelLayout layout;

    private final CodeRange codes;
    private final float[] scales;
    private final int[] zeroPoints;
    private final Profile profile;
    private final FakeGrid[] grids;

    /** Null unless channels come last. */
    private final GridRow row;

    private FakeQuantizer(ChannelLayout layout, CodeRange codes, float[] scales, int[] zeroPoints, Profile profile) {
        this.layout = layout;
        this.codes = codes;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.profile = profile;
        boolean divides = divides(profile);
        grids = new FakeGrid[scales.length];
        for (int c = 0; c < grids.length; c++) {
            grids[c] = FakeGrid.of(scales[c], codes.low() - zeroPoints[c], codes.high() - zeroPoints[c], divides);
        }
        row = layout != null && layout.inner() == 1 ? new GridRow(grids) : null;
    }

    /** One grid, by the rule of ONNX. */
    public static FakeQuantizer of(QuantParams params) {
        return of(params, Profile.ONNX);
    }

    /**
     * One grid.
     *
     * @throws IllegalArgumentException if the profile rounds ties away from zero, as TensorFlow Lite's does
     */
    public static FakeQuantizer of(QuantParams params, Profile profile) {
        Given.require("params", params);
        QuantType type = params.type();
        return of(new CodeRange(type.low(), type.high()), params.scale(), params.zeroPoint(), profile);
    }

    /**
     * One grid of any codes.
     *
     * @throws IllegalArgumentException if a code is beyond 2^16 in magnitude, the scale is no positive normal float or
     *     the value of a code no finite one, the zero point is not one of the codes, or the profile rounds ties away
     *     from zero
     */
    public static FakeQuantizer of(CodeRange codes, float scale, int zeroPoint, Profile profile) {
        return checked(null, codes, new float[] {scale}, new int[] {zeroPoint}, profile);
    }

    /** The grids of the channels of {@code quantizer}, by its profile. */
    public static FakeQuantizer of(ChannelQuantizer quantizer) {
        Given.require("quantizer", quantizer);
        List<QuantParams> params = quantizer.params();
        float[] scales = new float[params.size()];
        int[] zeroPoints = new int[params.size()];
        for (int c = 0; c < scales.length; c++) {
            scales[c] = params.get(c).scale();
            zeroPoints[c] = params.get(c).zeroPoint();
        }
        QuantType type = params.get(0).type();
        return checked(
                quantizer.layout(), new CodeRange(type.low(), type.high()), scales, zeroPoints, quantizer.profile());
    }

    /**
     * A grid for each channel.
     *
     * @throws IllegalArgumentException as for one grid, or if there are not as many scales and zero points as channels
     */
    public static FakeQuantizer of(
            ChannelLayout layout, CodeRange codes, float[] scales, int[] zeroPoints, Profile profile) {
        Given.require("layout", layout);
        Given.require("scales", scales);
        Given.require("zero points", zeroPoints);
        return checked(layout, codes, scales.clone(), zeroPoints.clone(), profile);
    }

    private static FakeQuantizer checked(
            ChannelLayout layout, CodeRange codes, float[] scales, int[] zeroPoints, Profile profile) {
        Given.require("codes", codes);
        Given.require("profile", profile);
        Validate.isTrue(
                codes.low() >= -WIDEST && codes.high() <= WIDEST, "codes must be within -65536..65536, were %s", codes);
        int channels = layout == null ? 1 : layout.channels();
        Validate.isTrue(
                scales.length == channels,
                "scales must be one for each of %s channels, were %s",
                channels,
                scales.length);
        Validate.isTrue(
                zeroPoints.length == channels,
                "zero points must be one for each of %s channels, were %s",
                channels,
                zeroPoints.length);
        for (int c = 0; c < channels; c++) {
            String where = layout == null ? "" : " at channel " + c;
            Validate.isTrue(
                    scales[c] >= Float.MIN_NORMAL && scales[c] <= Float.MAX_VALUE,
                    "scale must be a positive normal float (%s to %s), was %s%s",
                    Float.MIN_NORMAL,
                    Float.MAX_VALUE,
                    scales[c],
                    where);
            Validate.isTrue(
                    codes.contains(zeroPoints[c]),
                    "zero point must be within %s, was %s%s",
                    codes,
                    zeroPoints[c],
                    where);
            Validate.isTrue(
                    scales[c] <= largestScale(codes, zeroPoints[c]),
                    "scale must leave the values of all codes %s finite floats, was %s%s",
                    codes,
                    scales[c],
                    where);
        }
        return new FakeQuantizer(layout, codes, scales, zeroPoints, profile);
    }

    /** The largest scale by which every code's value is a finite float. */
    static float largestScale(CodeRange codes, int zeroPoint) {
        float widest = Math.max(codes.high() - zeroPoint, zeroPoint - codes.low());
        float scale = Float.MAX_VALUE / widest;
        return Float.isInfinite(widest * scale) ? Math.nextDown(scale) : scale;
    }

    private static boolean divides(Profile profile) {
        return switch (profile) {
            case ONNX, ONNX_RUNTIME -> true;
            case XNNPACK, PYTORCH -> false;
            case TFLITE ->
                throw new IllegalArgumentException("profile must round ties to even, as onnx, onnxruntime, xnnpack and"
                        + " pytorch do, was " + profile);
        };
    }

    /** The codes of the grid. */
    public CodeRange codes() {
        return codes;
    }

    /** The engine whose rule is followed. */
    public Profile profile() {
        return profile;
    }

    /** Number of grids: 1, or one for each channel. */
    public int channels() {
        return scales.length;
    }

    /** Where the channels lie; empty if one grid serves the whole tensor. */
    public Optional<ChannelLayout> layout() {
        return Optional.ofNullable(layout);
    }

    /** The scale of a channel; the only one is that of channel 0. */
    public float scale(int channel) {
        return scales[checkChannel(channel)];
    }

    /** The zero point of a channel. */
    public int zeroPoint(int channel) {
        return zeroPoints[checkChannel(channel)];
    }

    /**
     * The parameters of a channel, whose codes are all those of an 8-bit grid. A {@code TensorQuantizer} of them and of
     * {@link #profile} gives the codes of {@link #quantize}, but for NaN, which is the profile's there.
     *
     * @throws IllegalArgumentException if the codes are not -128..127, -127..127 or 0..255: parameters of 8 bits would
     *     not clip at the ends of other codes
     */
    public QuantParams params(int channel) {
        return QuantParams.of(wholeType(codes), scale(channel), zeroPoint(channel));
    }

    /**
     * How a layer of 8-bit codes reads what {@link #quantize} wrote, also where that is fewer codes. These parameters
     * do not clip at the ends of fewer codes: they are for reading, not for quantizing.
     *
     * @throws IllegalArgumentException if the codes do not fit 8 bits
     */
    public QuantParams stored(int channel) {
        return QuantParams.of(type(codes), scale(channel), zeroPoint(channel));
    }

    /**
     * The same grids for codes of 2 to 16 bits as they are stored and served, by the same profile; NaN is the profile's
     * there.
     *
     * @throws IllegalArgumentException if the codes are not all those of an {@link IntegerType}
     */
    public IntegerQuantizer integers() {
        for (IntegerType type : IntegerType.values()) {
            if (codes.low() == type.low() && codes.high() == type.high()) {
                ChannelLayout channels = layout == null ? new ChannelLayout(1, 1) : layout;
                return IntegerQuantizer.of(type, channels, scales, zeroPoints).withProfile(profile);
            }
        }
        throw new IllegalArgumentException(
                "codes must be all those of an integer type of 2, 4, 8 or 16 bits, were " + codes);
    }

    /** The 8-bit type that has these codes and no others. */
    static QuantType wholeType(CodeRange codes) {
        for (QuantType type : QuantType.values()) {
            if (codes.low() == type.low() && codes.high() == type.high()) {
                return type;
            }
        }
        throw new IllegalArgumentException("codes must be -128..127, -127..127 or 0..255 for 8-bit parameters, were "
                + codes + "; QuantizerStage.Frozen keeps any, FakeQuantizer.integers() those of 2 to 16 bits");
    }

    /** The smallest 8-bit type that has the codes. */
    private static QuantType type(CodeRange codes) {
        for (QuantType type : new QuantType[] {QuantType.INT8_NARROW, QuantType.INT8, QuantType.UINT8}) {
            boolean exact = type != QuantType.INT8_NARROW || (codes.low() == -127 && codes.high() == 127);
            boolean sign = type.isSigned() == codes.low() < 0;
            if (exact && sign && codes.low() >= type.low() && codes.high() <= type.high()) {
                return type;
            }
        }
        throw new IllegalArgumentException("codes must be within -128..127 or 0..255 for 8 bits, were " + codes);
    }

    /** Replaces {@code length} values. */
    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Bounds.check(x, xOffset, y, yOffset, length);
        Bounds.checkOverlap(x, xOffset, y, yOffset, length);
        checkLength(length);
        if (row != null) {
            RowKernel kernel = Kernels.FAKE_ROWS.current();
            for (int i = 0; i < length; i += row.length()) {
                kernel.fake(x, xOffset + i, y, yOffset + i, Math.min(length - i, row.length()), row, 0);
            }
            return;
        }
        FakeKernel kernel = Kernels.FAKE.current();
        int run = run(length);
        for (int i = 0, c = 0; i < length; i += run) {
            kernel.run(x, xOffset + i, y, yOffset + i, run, grids[c]);
            c = after(c);
        }
    }

    /**
     * Carries {@code length} gradients back to the input; {@code dx} may be the block of {@code dy} or of {@code x}.
     */
    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        checkLength(length);
        if (row != null) {
            RowKernel kernel = Kernels.FAKE_ROWS.current();
            for (int i = 0; i < length; i += row.length()) {
                int n = Math.min(length - i, row.length());
                kernel.pass(x, xOffset + i, dy, dyOffset + i, dx, dxOffset + i, n, row, 0);
            }
            return;
        }
        PassKernel kernel = Kernels.PASS.current();
        int run = run(length);
        for (int i = 0, c = 0; i < length; i += run) {
            kernel.run(x, xOffset + i, dy, dyOffset + i, dx, dxOffset + i, run, grids[c]);
            c = after(c);
        }
    }

    /**
     * The same, and adds the gradients of scales and zero points to {@code gradient}. The block, of any length, is the
     * part of the tensor that follows what was added before.
     *
     * @throws IllegalArgumentException if the gradient is of a quantizer with other parameters, or the block would end
     *     beyond element 2^63
     */
    public void backward(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            StepGradient gradient) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        Given.require("gradient", gradient);
        gradient.require(this);
        gradient.requireRoom(length);
        long nans = row == null
                ? runs(x, xOffset, dy, dyOffset, dx, dxOffset, length, gradient)
                : rows(x, xOffset, dy, dyOffset, dx, dxOffset, length, gradient);
        gradient.advance(length, nans);
    }

    private long runs(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            StepGradient gradient) {
        BlockSums sums = (BlockSums) gradient.sums();
        StepKernel kernel = Kernels.STEP.current();
        long nans = 0;
        for (int i = 0; i < length; ) {
            long position = gradient.position() + i;
            int c = layout == null ? 0 : (int) (position / layout.inner() % layout.channels());
            int n = Math.min(length - i, sums.room(c));
            if (layout != null) {
                n = (int) Math.min(n, layout.inner() - position % layout.inner());
            }
            nans += kernel.run(
                    x,
                    xOffset + i,
                    dy,
                    dyOffset + i,
                    dx,
                    dxOffset + i,
                    n,
                    grids[c],
                    sums.lanes(),
                    sums.lane(c, 0),
                    sums.lane(c, 1),
                    sums.next(c));
            sums.advance(c, n);
            i += n;
        }
        return nans;
    }

    /** Where channels come last the sums of neighbours are neighbours. */
    private long rows(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            StepGradient gradient) {
        RowSums sums = (RowSums) gradient.sums();
        RowKernel kernel = Kernels.FAKE_ROWS.current();
        long nans = 0;
        for (int i = 0; i < length; ) {
            int first = (int) ((gradient.position() + i) % row.length());
            int n = Math.min(length - i, Math.min(sums.room(), row.length() - first));
            nans += kernel.step(
                    x,
                    xOffset + i,
                    dy,
                    dyOffset + i,
                    dx,
                    dxOffset + i,
                    n,
                    row,
                    first,
                    sums.lanes(),
                    sums.next(0),
                    sums.next(1));
            sums.advance(n);
            i += n;
        }
        return nans;
    }

    /** As this quantizer adds: nothing yet. */
    ChannelSums sums() {
        return row == null
                ? new BlockSums(channels(), StepGradient.KINDS)
                : new RowSums(channels(), StepGradient.KINDS);
    }

    /** How many neighbours of a block have one grid. */
    private int run(int length) {
        return layout == null ? length : layout.inner();
    }

    /**
     * What an autograd of its own needs, element by element: {@code mask} is 1 where the gradient passes, else 0, and
     * {@code d} is the derivative of y to the scale. Then {@code dx = dy mask}, the gradient of the scale is the sum of
     * {@code dy d}, and that of the zero point the sum of {@code -dy scale (1 - mask)}; NaN has the mask 0 and d 0, and
     * is left out of the last sum.
     */
    public void local(float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length) {
        Bounds.check(x, xOffset, mask, maskOffset, length);
        Bounds.check("destination", d, dOffset, length);
        Bounds.checkOverlap(x, xOffset, d, dOffset, length);
        checkLength(length);
        if (row != null) {
            RowKernel kernel = Kernels.FAKE_ROWS.current();
            for (int i = 0; i < length; i += row.length()) {
                int n = Math.min(length - i, row.length());
                kernel.local(x, xOffset + i, mask, maskOffset + i, d, dOffset + i, n, row, 0);
            }
            return;
        }
        LocalKernel kernel = Kernels.LOCAL.current();
        int run = run(length);
        for (int i = 0, c = 0; i < length; i += run) {
            kernel.run(x, xOffset + i, mask, maskOffset + i, d, dOffset + i, run, grids[c]);
            c = after(c);
        }
    }

    /**
     * The codes of {@code length} values, a raw byte each.
     *
     * @throws IllegalArgumentException if the codes do not fit 8 bits
     */
    public void quantize(float[] x, int xOffset, byte[] codesOut, int codesOffset, int length) {
        Bounds.check(x, xOffset, codesOut, codesOffset, length);
        checkLength(length);
        type(codes);
        int run = run(length);
        for (int i = 0, c = 0; i < length; i += run) {
            FakeGrid grid = grids[c];
            for (int j = i; j < i + run; j++) {
                codesOut[codesOffset + j] = (byte) (grid.whole(x[xOffset + j]) + zeroPoints[c]);
            }
            c = after(c);
        }
    }

    /** Nothing added yet, beginning at the tensor's first element. */
    public StepGradient gradient() {
        return gradient(0);
    }

    /**
     * Nothing added yet, beginning at another element: for a thread's part of a tensor.
     *
     * @param position a multiple of {@link #unit()}
     * @throws IllegalArgumentException if it is none
     */
    public StepGradient gradient(long position) {
        Validate.isTrue(
                position >= 0 && position % unit() == 0, "position must be a multiple of %s, was %s", unit(), position);
        return new StepGradient(this, position);
    }

    /** Elements after which every channel begins a new block of its sums: threads take multiples of it. */
    public long unit() {
        if (layout == null) {
            return BlockSums.BLOCK;
        }
        long whole = BlockSums.BLOCK / Math.min(BlockSums.BLOCK, Integer.lowestOneBit(layout.inner()));
        return whole * layout.period();
    }

    int checkChannel(int channel) {
        return Bounds.index("channel", channel, scales.length);
    }

    private int after(int channel) {
        return channel == scales.length - 1 ? 0 : channel + 1;
    }

    private void checkLength(int length) {
        if (layout != null && length % layout.period() != 0) {
            throw new IllegalArgumentException("length must be a multiple of channels x inner = " + layout.channels()
                    + " x " + layout.inner() + ", was " + length);
        }
    }

    /** Equal grids, channels and profile. */
    @Override
    public boolean equals(Object other) {
        return other instanceof FakeQuantizer that
                && Objects.equals(layout, that.layout)
                && codes.equals(that.codes)
                && Arrays.equals(scales, that.scales)
                && Arrays.equals(zeroPoints, that.zeroPoints)
                && profile == that.profile;
    }

    @Override
    public int hashCode() {
        return Objects.hash(layout, codes, Arrays.hashCode(scales), Arrays.hashCode(zeroPoints), profile);
    }

    @Override
    public String toString() {
        return "FakeQuantizer(codes=" + codes + ", "
                + (layout == null
                        ? "scale=" + scales[0] + ", zeroPoint=" + zeroPoints[0]
                        : layout + ", scales=" + Arrays.toString(scales) + ", zeroPoints="
                                + Arrays.toString(zeroPoints))
                + ", " + profile + ")";
    }
}
