// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.QuantInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The loops of every profile beside its rule for one value. */
class ProfileBlocksTest {
    private static final List<QuantType> TYPES = List.of(QuantType.values());
    private static final int LENGTH = 1500;

    private final Random random = new Random(6);

    @ParameterizedTest
    @EnumSource
    void perTensor(Profile profile) {
        for (int trial = 0; trial < 200; trial++) {
            QuantParams params = params(TYPES.get(trial % 3));
            TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
            float[] values = values(params.scale());
            byte[] codes = new byte[LENGTH];
            byte[] mask = new byte[LENGTH];
            quantizer.quantize(values, 0, codes, 0, LENGTH);
            quantizer.fakeQuantizeMask(values, 0, mask, 0, LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                float x = values[i];
                assertEquals(profile.quantize(x, params), params.type().code(codes[i]), () -> x + " by " + params);
                assertEquals(profile.inRange(x, params) ? 1 : 0, mask[i], () -> x + " by " + params);
            }
        }
    }

    /** Few channels, whose parameters are laid out many times, and more than fit one call. */
    @ParameterizedTest
    @EnumSource
    void channelsLast(Profile profile) {
        for (int channels : new int[] {1, 3, 6, 500, 1500}) {
            QuantType type = TYPES.get(channels % 3);
            List<QuantParams> params = new ArrayList<>();
            for (int c = 0; c < channels; c++) {
                params.add(params(type));
            }
            ChannelQuantizer quantizer = ChannelQuantizer.of(new ChannelLayout(channels, 1), params, profile);
            float[] values = values(params.get(0).scale());
            byte[] codes = new byte[LENGTH];
            float[] back = new float[LENGTH];
            int position = channels / 2;
            quantizer.quantize(values, 0, codes, 0, LENGTH, position);
            quantizer.dequantize(codes, 0, back, 0, LENGTH, position);
            for (int i = 0; i < LENGTH; i++) {
                QuantParams p = params.get((position + i) % channels);
                int code = profile.quantize(values[i], p);
                assertEquals(code, type.code(codes[i]));
                assertEquals(p.dequantize(code), back[i]);
            }
        }
    }

    /** A table moves long blocks of codes and the equation short ones: both as one code after the other. */
    @ParameterizedTest
    @EnumSource
    void requantize(Profile profile) {
        for (int trial = 0; trial < 50; trial++) {
            QuantParams params = params(TYPES.get(trial % 3));
            QuantParams target = params(TYPES.get(random.nextInt(3)));
            byte[] src = new byte[LENGTH];
            random.nextBytes(src);
            for (int length : new int[] {17, 1023, 1024, LENGTH}) {
                byte[] dst = new byte[LENGTH];
                TensorQuantizer.of(params, profile).requantize(src, 0, target, dst, 0, length);
                for (int i = 0; i < length; i++) {
                    float real = params.dequantize(params.type().code(src[i]));
                    assertEquals(profile.quantize(real, target), target.type().code(dst[i]));
                }
            }
        }
    }

    /** All floats, on a grid of unit steps and on one whose reciprocal is not exact. */
    @Tag("exhaustive")
    @ParameterizedTest
    @EnumSource
    void everyFloat(Profile profile) {
        float[] values = new float[1 << 16];
        byte[] codes = new byte[1 << 16];
        for (float scale : new float[] {1, 0.1f}) {
            QuantParams params = QuantParams.of(QuantType.INT8, scale, 3);
            TensorQuantizer quantizer = TensorQuantizer.of(params, profile);
            for (long first = 0; first < 1L << 32; first += values.length) {
                for (int i = 0; i < values.length; i++) {
                    values[i] = Float.intBitsToFloat((int) first + i);
                }
                quantizer.quantize(values, 0, codes, 0, codes.length);
                for (int i = 0; i < values.length; i++) {
                    if (codes[i] != profile.quantize(values[i], params)) {
                        assertEquals(profile.quantize(values[i], params), codes[i], profile + " of " + values[i]);
                    }
                }
            }
        }
    }

    private QuantParams params(QuantType type) {
        return QuantParams.of(type, QuantInputs.scale(random), QuantInputs.zeroPoint(random, type.low(), type.high()));
    }

    private float[] values(float scale) {
        float[] values = new float[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            values[i] = random.nextBoolean()
                    ? (float) ((random.nextInt(600) - 300) * 0.5 * scale)
                    : QuantInputs.anyFloat(random);
        }
        return values;
    }
}
