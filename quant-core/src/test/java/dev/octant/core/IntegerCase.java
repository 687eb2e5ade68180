// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.fixtures.IntegerOracle;
import dev.octant.fixtures.QuantArbitraries;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** A tensor, its grids and where each element's grid is, found by counting: what the oracle needs. */
final class IntegerCase {
    private final IntegerType type;
    private final IntegerQuantizer quantizer;
    private final float[] scales;
    private final int[] zeroPoints;

    /** For each element the place of its scale. */
    private final int[] groups;

    private final float[] values;

    private IntegerCase(
            IntegerType type,
            IntegerQuantizer quantizer,
            float[] scales,
            int[] zeroPoints,
            int[] groups,
            float[] values) {
        this.type = type;
        this.quantizer = quantizer;
        this.scales = scales;
        this.zeroPoints = zeroPoints;
        this.groups = groups;
        this.values = values;
    }

    IntegerType type() {
        return type;
    }

    IntegerQuantizer quantizer() {
        return quantizer;
    }

    float[] values() {
        return values;
    }

    /** Where the scale of an element is. */
    int group(int i) {
        return groups[i];
    }

    /** All types, one grid, channels, and blocks with and without a rest, along any axis of up to three. */
    static Arbitrary<IntegerCase> cases() {
        Arbitrary<int[]> shapes = Arbitraries.integers()
                .between(1, 7)
                .array(int[].class)
                .ofMinSize(1)
                .ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.of(IntegerType.class),
                        shapes,
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.longs())
                .flatAs((type, shape, axis, block, seed) -> of(type, shape, axis % shape.length, block));
    }

    /** A block of 0 elements is one grid for the tensor, of 1 is channels, of n + 1 is blocks of n. */
    private static Arbitrary<IntegerCase> of(IntegerType type, int[] shape, int axis, int block) {
        int size = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        int[] groups = switch (block) {
            case 0 -> new int[size];
            case 1 -> IntegerOracle.scalesOfChannels(shape, axis);
            default -> IntegerOracle.scalesOfBlocks(shape, axis, block - 1);
        };
        int count = Arrays.stream(groups).max().orElseThrow() + 1;
        Arbitrary<float[]> scales = QuantArbitraries.realisticScales()
                .array(Float[].class)
                .ofSize(count)
                .map(IntegerCase::unboxed);
        Arbitrary<int[]> zeroPoints = Arbitraries.integers()
                .between(type.low(), type.high())
                .array(int[].class)
                .ofSize(count);
        return Combinators.combine(scales, zeroPoints)
                .flatAs((s, z) -> QuantArbitraries.tieRichFloats(s[0])
                        .array(Float[].class)
                        .ofSize(size)
                        .map(x -> new IntegerCase(
                                type, quantizer(type, shape, axis, block, s, z), s, z, groups, unboxed(x))));
    }

    private static IntegerQuantizer quantizer(
            IntegerType type, int[] shape, int axis, int block, float[] scales, int[] zeroPoints) {
        return switch (block) {
            case 0 -> IntegerQuantizer.of(type, scales[0], zeroPoints[0]);
            case 1 -> IntegerQuantizer.of(type, ChannelLayout.of(axis, shape), scales, zeroPoints);
            default -> IntegerQuantizer.of(type, BlockLayout.of(axis, block - 1, shape), scales, zeroPoints);
        };
    }

    private static float[] unboxed(Float[] boxed) {
        float[] values = new float[boxed.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = boxed[i];
        }
        return values;
    }

    /** The code of an element by the oracle. */
    int code(int i) {
        int g = groups[i];
        return IntegerOracle.quantize(values[i], scales[g], zeroPoints[g], type.low(), type.high());
    }

    /** What an element becomes by quantizing and dequantizing. */
    float real(int i) {
        int g = groups[i];
        return IntegerOracle.dequantize(code(i), scales[g], zeroPoints[g]);
    }

    /** All codes as they are stored. */
    byte[] packed(int from, int to) {
        int[] codes = new int[to - from];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = code(from + i);
        }
        return IntegerOracle.pack(codes, type.bits());
    }

    @Override
    public String toString() {
        return quantizer + " on " + values.length + " values";
    }
}
