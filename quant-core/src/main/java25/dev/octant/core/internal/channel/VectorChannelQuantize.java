// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.affine.VectorQuantize;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * As {@link VectorQuantize} with parameters loaded for every lane; by division, since a reciprocal would be two more
 * loads.
 */
public final class VectorChannelQuantize implements ChannelQuantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;
    private static final int GROUP = 1024;

    private final ChannelQuantizeKernel twin = new ScalarChannelQuantize();

    @Override
    public void run(
            float[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        int whole = length & -COUNT;
        int at = 0;
        // A constant length, where this is inlined, makes the better loop.
        for (; at <= whole - GROUP; at += GROUP) {
            if (!vectors(src, srcOffset + at, dst, dstOffset + at, GROUP, channels, first + at)) {
                twin.run(src, srcOffset + at, dst, dstOffset + at, GROUP, channels, first + at);
            }
        }
        if (vectors(src, srcOffset + at, dst, dstOffset + at, whole - at, channels, first + at)) {
            at = whole;
        }
        if (COUNT == Lanes.MASKED
                && at == whole
                && at < length
                && last(src, srcOffset + at, dst, dstOffset + at, length - at, channels, first + at)) {
            return;
        }
        if (at < length) {
            twin.run(src, srcOffset + at, dst, dstOffset + at, length - at, channels, first + at);
        }
    }

    /** False if there was a NaN among the quotients, or infinities of both signs. */
    private static boolean vectors(
            float[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        float[] scale = channels.scale;
        int[] zeroPoint = channels.zeroPoint;
        int low = Affine.ROUNDER_BITS + channels.qmin;
        int high = Affine.ROUNDER_BITS + channels.qmax;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector steps = FloatVector.fromArray(FLOATS, src, srcOffset + i)
                    .div(FloatVector.fromArray(FLOATS, scale, first + i));
            IntVector zero = IntVector.fromArray(INTS, zeroPoint, first + i);
            sum = sum.add(steps);
            ((ByteVector) steps.add(Affine.ROUNDER)
                            .reinterpretAsInts()
                            .max(IntVector.broadcast(INTS, low).sub(zero))
                            .min(IntVector.broadcast(INTS, high).sub(zero))
                            .add(zero)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        return !sum.test(VectorOperators.IS_NAN).anyTrue();
    }

    /** The same for the values beyond the last whole vector. */
    private static boolean last(
            float[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        VectorMask<Float> rest = FLOATS.indexInRange(0, length);
        FloatVector steps = FloatVector.fromArray(FLOATS, src, srcOffset, rest)
                .div(FloatVector.fromArray(FLOATS, channels.scale, first, rest));
        IntVector zero = IntVector.fromArray(INTS, channels.zeroPoint, first, INTS.indexInRange(0, length));
        ((ByteVector) steps.add(Affine.ROUNDER)
                        .reinterpretAsInts()
                        .max(IntVector.broadcast(INTS, Affine.ROUNDER_BITS + channels.qmin)
                                .sub(zero))
                        .min(IntVector.broadcast(INTS, Affine.ROUNDER_BITS + channels.qmax)
                                .sub(zero))
                        .add(zero)
                        .convertShape(VectorOperators.I2B, BYTES, 0))
                .intoArray(dst, dstOffset, BYTES.indexInRange(0, length));
        // Lanes that were not loaded are 0 / 0.
        return !steps.test(VectorOperators.IS_NAN).and(rest).anyTrue();
    }
}
