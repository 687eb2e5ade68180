// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantInputs;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * One tensor of shape {@code (outer, channels, inner)} with parameters for each channel, and all that is asked of it.
 */
final class ChannelCase {
    private final ChannelLayout layout;
    private final int outer;
    private final int channels;
    private final int inner;
    private final List<QuantParams> params;
    private final List<QuantParams> targets;
    private final float[] reals;
    private final byte[] raws;

    /** Values of every kind, ties of their own channel's grid among them, all drawn from {@code random}. */
    ChannelCase(ChannelLayout layout, int outer, int channels, int inner, QuantType type, Random random) {
        this.layout = layout;
        this.outer = outer;
        this.channels = channels;
        this.inner = inner;
        this.params = params(channels, type, random);
        List<QuantType> types = List.of(QuantType.values());
        this.targets = params(channels, types.get(random.nextInt(types.size())), random);
        this.reals = new float[outer * channels * inner];
        for (int i = 0; i < reals.length; i++) {
            reals[i] = random.nextBoolean()
                    ? (float) ((random.nextInt(300) - 150.5)
                            * params.get(i / inner % channels).scale())
                    : QuantInputs.anyFloat(random);
        }
        this.raws = new byte[reals.length];
        random.nextBytes(raws);
    }

    private static List<QuantParams> params(int channels, QuantType type, Random random) {
        List<QuantParams> params = new ArrayList<>();
        for (int c = 0; c < channels; c++) {
            params.add(QuantParams.of(
                    type, QuantInputs.scale(random), QuantInputs.zeroPoint(random, type.low(), type.high())));
        }
        return params;
    }

    /** Every bulk call, on arrays and on buffers of the given kinds, against the oracle. */
    void check(Memory source, Memory destination) {
        int n = reals.length;
        List<Grid> grids = params.stream().map(Grids::of).toList();
        List<Grid> targetGrids = targets.stream().map(Grids::of).toList();
        ChannelQuantizer quantizer = ChannelQuantizer.of(layout, params);
        ChannelQuantizer target = ChannelQuantizer.of(layout, targets);

        byte[] quantized = bytes(Oracle.quantizePerChannel(reals, outer, channels, inner, grids));
        float[] fake = Oracle.fakeQuantizePerChannel(reals, outer, channels, inner, grids);
        int[] codes = new int[n];
        Arrays.setAll(codes, i -> params.get(0).type().code(raws[i]));
        float[] dequantized = Oracle.dequantizePerChannel(codes, outer, channels, inner, grids);
        byte[] requantized = bytes(Oracle.quantizePerChannel(dequantized, outer, channels, inner, targetGrids));

        int from = 2;
        int at = 3;
        byte[] moved = new byte[n + 4];
        float[] movedReals = new float[n + 4];
        System.arraycopy(raws, 0, moved, from, n);
        System.arraycopy(reals, 0, movedReals, from, n);

        byte[] dst = new byte[n + 4];
        float[] dstReals = new float[n + 4];
        quantizer.quantize(movedReals, from, dst, at, n);
        assertArrayEquals(quantized, Arrays.copyOfRange(dst, at, at + n));
        quantizer.dequantize(moved, from, dstReals, at, n);
        assertArrayEquals(dequantized, Arrays.copyOfRange(dstReals, at, at + n));
        quantizer.fakeQuantize(movedReals, from, dstReals, at, n);
        assertArrayEquals(fake, Arrays.copyOfRange(dstReals, at, at + n));
        quantizer.requantize(moved, from, target, dst, at, n);
        assertArrayEquals(requantized, Arrays.copyOfRange(dst, at, at + n));

        FloatBuffer realSource = source.floats(movedReals, from, n);
        ByteBuffer codeDestination = destination.bytes(n + 4).position(at);
        quantizer.quantize(realSource, codeDestination);
        assertArrayEquals(quantized, Arrays.copyOfRange(Memory.all(codeDestination), at, at + n));
        assertEquals(from + n, realSource.position());
        assertEquals(at + n, codeDestination.position());

        ByteBuffer rawSource = source.bytes(moved, from, n);
        FloatBuffer realDestination = destination.floats(n + 4).position(at);
        quantizer.dequantize(rawSource, realDestination);
        assertArrayEquals(dequantized, Arrays.copyOfRange(Memory.all(realDestination), at, at + n));
        assertEquals(from + n, rawSource.position());
        assertEquals(at + n, realDestination.position());

        quantizer.requantize(rawSource.position(from), target, codeDestination.position(at));
        assertArrayEquals(requantized, Arrays.copyOfRange(Memory.all(codeDestination), at, at + n));
        assertEquals(from + n, rawSource.position());
        assertEquals(at + n, codeDestination.position());

        for (int part : new int[] {1 + n / 3, 1 + n / 50}) {
            byte[] joined = new byte[n];
            float[] joinedReals = new float[n];
            for (int position = 0, length; position < n; position += length) {
                length = Math.min(part, n - position);
                quantizer.quantize(movedReals, from + position, joined, position, length, position);
                quantizer.dequantize(moved, from + position, joinedReals, position, length, position);
            }
            assertArrayEquals(quantized, joined);
            assertArrayEquals(dequantized, joinedReals);
        }

        float[] inPlace = reals.clone();
        quantizer.fakeQuantize(inPlace, 0, inPlace, 0, n);
        assertArrayEquals(fake, inPlace);
        byte[] codesInPlace = raws.clone();
        quantizer.requantize(codesInPlace, 0, target, codesInPlace, 0, n);
        assertArrayEquals(requantized, codesInPlace);
    }

    private static byte[] bytes(int[] codes) {
        byte[] bytes = new byte[codes.length];
        for (int i = 0; i < codes.length; i++) {
            bytes[i] = (byte) codes[i];
        }
        return bytes;
    }
}
