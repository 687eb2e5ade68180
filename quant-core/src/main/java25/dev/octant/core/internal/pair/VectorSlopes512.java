// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.lanes.Shapes;
import dev.octant.core.internal.table.SelectTable512;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * 64 pairs at a time: the four bytes of each slope are looked up in tables of their own, as {@link SelectTable512}
 * does, and woven together. Long, because the compiler stops inlining our own methods where there are many vectors:
 * with the four equal parts in a method, this was slower than the scalar loop.
 * The division is in the loop behind a condition that never changes, which the compiler takes out of the loop.
 */
public final class VectorSlopes512 implements PairKernel<SlopeTable> {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;

    /** Selects the lower halves of two vectors, lane by lane in turns. */
    private static final ByteVector WEAVE;

    private static final ShortVector WEAVE_SHORTS;

    static {
        byte[] bytes = new byte[64];
        short[] shorts = new short[32];
        for (int i = 0; i < 64; i++) {
            bytes[i] = (byte) (i / 2 + 64 * (i % 2));
            shorts[i / 2] = (short) (i / 4 + 32 * (i / 2 % 2));
        }
        WEAVE = ByteVector.fromArray(BYTES, bytes, 0);
        WEAVE_SHORTS = ShortVector.fromArray(ShortVector.SPECIES_512, shorts, 0);
    }

    public VectorSlopes512() {
        Shapes.require(512);
    }

    @Override
    public void run(
            SlopeTable table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        byte[] planes = table.planes;
        ByteVector t00 = ByteVector.fromArray(BYTES, planes, 0);
        ByteVector t01 = ByteVector.fromArray(BYTES, planes, 64);
        ByteVector t02 = ByteVector.fromArray(BYTES, planes, 128);
        ByteVector t03 = ByteVector.fromArray(BYTES, planes, 192);
        ByteVector t10 = ByteVector.fromArray(BYTES, planes, 256);
        ByteVector t11 = ByteVector.fromArray(BYTES, planes, 320);
        ByteVector t12 = ByteVector.fromArray(BYTES, planes, 384);
        ByteVector t13 = ByteVector.fromArray(BYTES, planes, 448);
        ByteVector t20 = ByteVector.fromArray(BYTES, planes, 512);
        ByteVector t21 = ByteVector.fromArray(BYTES, planes, 576);
        ByteVector t22 = ByteVector.fromArray(BYTES, planes, 640);
        ByteVector t23 = ByteVector.fromArray(BYTES, planes, 704);
        ByteVector t30 = ByteVector.fromArray(BYTES, planes, 768);
        ByteVector t31 = ByteVector.fromArray(BYTES, planes, 832);
        ByteVector t32 = ByteVector.fromArray(BYTES, planes, 896);
        ByteVector t33 = ByteVector.fromArray(BYTES, planes, 960);
        ByteVector low = WEAVE;
        ByteVector high = WEAVE.add((byte) 32);
        ShortVector lowShorts = WEAVE_SHORTS;
        ShortVector highShorts = WEAVE_SHORTS.add((short) 16);
        byte rightFlip = table.rightFlip;
        float rightZero = table.rightZero;
        float rightScale = table.rightScale;
        float divisor = table.divisor;
        boolean divided = table.isDivided();
        int lowBits = table.lowBits;
        int highBits = table.highBits;
        int zeroBits = table.zeroBits;
        int i = 0;
        for (; i <= length - 64; i += 64) {
            ByteVector v = ByteVector.fromArray(BYTES, a, aOffset + i);
            VectorMask<Byte> upper = v.lt((byte) 0);
            ByteVector p0 = v.selectFrom(t00, t01).blend(v.selectFrom(t02, t03), upper);
            ByteVector p1 = v.selectFrom(t10, t11).blend(v.selectFrom(t12, t13), upper);
            ByteVector p2 = v.selectFrom(t20, t21).blend(v.selectFrom(t22, t23), upper);
            ByteVector p3 = v.selectFrom(t30, t31).blend(v.selectFrom(t32, t33), upper);
            ShortVector low01 = low.selectFrom(p0, p1).reinterpretAsShorts();
            ShortVector low23 = low.selectFrom(p2, p3).reinterpretAsShorts();
            ShortVector high01 = high.selectFrom(p0, p1).reinterpretAsShorts();
            ShortVector high23 = high.selectFrom(p2, p3).reinterpretAsShorts();
            FloatVector s0 = lowShorts.selectFrom(low01, low23).reinterpretAsFloats();
            FloatVector r0 = ((FloatVector) ByteVector.fromArray(QUARTER, b, bOffset + i)
                            .lanewise(VectorOperators.XOR, rightFlip)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero);
            FloatVector f0 = divided ? s0.mul(r0.mul(rightScale)).div(divisor) : s0.mul(r0);
            // Clamped as ints: the bits of these floats are ordered as the floats are.
            ((ByteVector) f0.add(PairTable.ROUNDER)
                            .reinterpretAsInts()
                            .max(lowBits)
                            .min(highBits)
                            .sub(zeroBits)
                            .convertShape(VectorOperators.I2B, QUARTER, 0))
                    .intoArray(dst, dstOffset + i);
            FloatVector s1 = highShorts.selectFrom(low01, low23).reinterpretAsFloats();
            FloatVector r1 = ((FloatVector) ByteVector.fromArray(QUARTER, b, bOffset + i + 16)
                            .lanewise(VectorOperators.XOR, rightFlip)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero);
            FloatVector f1 = divided ? s1.mul(r1.mul(rightScale)).div(divisor) : s1.mul(r1);
            ((ByteVector) f1.add(PairTable.ROUNDER)
                            .reinterpretAsInts()
                            .max(lowBits)
                            .min(highBits)
                            .sub(zeroBits)
                            .convertShape(VectorOperators.I2B, QUARTER, 0))
                    .intoArray(dst, dstOffset + i + 16);
            FloatVector s2 = lowShorts.selectFrom(high01, high23).reinterpretAsFloats();
            FloatVector r2 = ((FloatVector) ByteVector.fromArray(QUARTER, b, bOffset + i + 32)
                            .lanewise(VectorOperators.XOR, rightFlip)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero);
            FloatVector f2 = divided ? s2.mul(r2.mul(rightScale)).div(divisor) : s2.mul(r2);
            ((ByteVector) f2.add(PairTable.ROUNDER)
                            .reinterpretAsInts()
                            .max(lowBits)
                            .min(highBits)
                            .sub(zeroBits)
                            .convertShape(VectorOperators.I2B, QUARTER, 0))
                    .intoArray(dst, dstOffset + i + 32);
            FloatVector s3 = highShorts.selectFrom(high01, high23).reinterpretAsFloats();
            FloatVector r3 = ((FloatVector) ByteVector.fromArray(QUARTER, b, bOffset + i + 48)
                            .lanewise(VectorOperators.XOR, rightFlip)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero);
            FloatVector f3 = divided ? s3.mul(r3.mul(rightScale)).div(divisor) : s3.mul(r3);
            ((ByteVector) f3.add(PairTable.ROUNDER)
                            .reinterpretAsInts()
                            .max(lowBits)
                            .min(highBits)
                            .sub(zeroBits)
                            .convertShape(VectorOperators.I2B, QUARTER, 0))
                    .intoArray(dst, dstOffset + i + 48);
        }
        for (; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }
}
