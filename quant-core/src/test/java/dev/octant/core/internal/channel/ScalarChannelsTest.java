// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import dev.octant.core.internal.Rounding;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The scalar loops over elements of many channels, and the arrays of their parameters, beside their definitions. */
class ScalarChannelsTest {
    private static final byte UNTOUCHED = 77;
    private static final float[] SCALES = KernelInputs.scales();

    private final Random random = new Random(13);

    private static ChannelQuantizeKernel kernel(Rounding rounding) {
        return switch (rounding) {
            case DIVISION -> new ScalarChannelQuantize();
            case RECIPROCAL -> new ScalarReciprocalChannelQuantize();
            case HALF_AWAY -> new ScalarHalfAwayChannelQuantize();
        };
    }

    private static float scale(int channel) {
        return SCALES[channel % SCALES.length];
    }

    private static int zeroPoint(int channel, int qmin) {
        return KernelInputs.zeroPoints(qmin)[channel % 7];
    }

    private static ChannelArrays channels(int channels, int qmin, boolean nanIsLowest) {
        ChannelArrays arrays = new ChannelArrays(channels, qmin, qmin + 255);
        for (int c = 0; c < channels; c++) {
            int zeroPoint = zeroPoint(c, qmin);
            arrays.set(c, scale(c), zeroPoint, nanIsLowest && c % 3 == 1 ? qmin : zeroPoint);
        }
        return arrays;
    }

    /** Few channels are laid out again and again, so that one call has something to do. */
    @ParameterizedTest
    @CsvSource({
        "1, 1024",
        "2, 1024",
        "3, 1023",
        "341, 1023",
        "342, 684",
        "512, 1024",
        "513, 513",
        "1024, 1024",
        "1025, 1025",
        "5000, 5000"
    })
    void aWholeNumberOfTimesAllChannels(int channels, int length) {
        assertEquals(length, new ChannelArrays(channels, 0, 255).length());
    }

    @ParameterizedTest
    @EnumSource
    void everyElementIsQuantizedByItsChannel(Rounding rounding) {
        for (int count : new int[] {1, 3, 19, 341, 1300}) {
            for (int qmin : new int[] {-128, 0}) {
                for (boolean nanIsLowest : new boolean[] {false, true}) {
                    ChannelArrays channels = channels(count, qmin, nanIsLowest);
                    for (int first : new int[] {0, 1, 5}) {
                        int length = channels.length() - first - 2;
                        float[] src = new float[length + 4];
                        for (int i = 0; i < src.length; i++) {
                            src[i] = KernelInputs.odd(1, scale((first + i) % count), random)[0];
                        }
                        byte[] dst = new byte[length + 5];
                        Arrays.fill(dst, UNTOUCHED);
                        kernel(rounding).run(src, 4, dst, 3, length, channels, first);
                        for (int i = 0; i < dst.length; i++) {
                            if (i < 3 || i >= 3 + length) {
                                assertEquals(UNTOUCHED, dst[i]);
                            } else {
                                int c = (first + i - 3) % count;
                                int zero = zeroPoint(c, qmin);
                                int nan = nanIsLowest && c % 3 == 1 ? qmin : zero;
                                int code = rounding.code(src[i + 1], scale(c), zero, qmin, qmin + 255, nan);
                                assertEquals((byte) code, dst[i], () -> "channel " + c);
                            }
                        }
                    }
                }
            }
        }
    }

    /** All codes in all channels. */
    @ParameterizedTest
    @ValueSource(ints = {-128, 0})
    void everyElementIsDequantizedByItsChannel(int qmin) {
        for (int count : new int[] {1, 3, 19, 341, 1300}) {
            ChannelArrays channels = channels(count, qmin, false);
            for (int code = 0; code < 256; code++) {
                int length = channels.length() - 3;
                byte[] src = new byte[length + 2];
                for (int i = 0; i < src.length; i++) {
                    src[i] = (byte) (code + i);
                }
                float[] dst = new float[length + 5];
                Arrays.fill(dst, UNTOUCHED);
                new ScalarChannelDequantize().run(src, 2, dst, 3, length, channels, 1);
                for (int i = 0; i < dst.length; i++) {
                    if (i < 3 || i >= 3 + length) {
                        assertEquals(UNTOUCHED, dst[i]);
                    } else {
                        int c = (i - 2) % count;
                        int q = qmin < 0 ? src[i - 1] : src[i - 1] & 0xFF;
                        assertEquals((float) ((q - zeroPoint(c, qmin)) * (double) scale(c)), dst[i]);
                    }
                }
            }
        }
    }

    /** One channel whose NaN is not its zero point is enough to look for NaN; where none is, the zero point stays. */
    @Test
    void aNanOfOneChannelAlone() {
        for (int odd = 0; odd < 4; odd++) {
            ChannelArrays channels = new ChannelArrays(4, -128, 127);
            for (int c = 0; c < 4; c++) {
                channels.set(c, 1, c, c == odd ? -100 : c);
            }
            byte[] dst = new byte[4];
            new ScalarChannelQuantize()
                    .run(new float[] {Float.NaN, Float.NaN, 1, Float.NaN}, 0, dst, 0, 4, channels, 0);
            for (int c = 0; c < 4; c++) {
                assertEquals(c == 2 ? 3 : c == odd ? -100 : c, dst[c]);
            }
        }
    }

    @Test
    void aNanOfEveryChannel() {
        ChannelArrays channels = new ChannelArrays(2, -128, 127);
        channels.set(0, 1, 3, -100);
        channels.set(1, 1, 4, -101);
        byte[] dst = new byte[3];
        new ScalarChannelQuantize().run(new float[] {Float.NaN, 2, Float.NaN}, 0, dst, 0, 3, channels, 1);
        assertEquals(-101, dst[0]);
        assertEquals(5, dst[1]);
        assertEquals(-101, dst[2]);
    }

    /** So that a kernel that takes the parameters of a neighbour is noticed. */
    @ParameterizedTest
    @ValueSource(ints = {-128, 0})
    void theChannelsOfATrialDiffer(int qmin) {
        ChannelArrays channels = ChannelQuantizeTrial.channels(qmin);
        assertEquals(4109, channels.length());
        assertEquals(qmin, channels.qmin);
        assertEquals(qmin + 255, channels.qmax);
        for (int c = 0; c < channels.length(); c++) {
            assertEquals(0.02f + c * 1e-5f, channels.scale[c]);
            assertEquals(c % 100, channels.zeroPoint[c]);
        }
        float[] src = {Float.NaN, Float.NaN, Float.NaN};
        byte[] dst = new byte[3];
        new ScalarChannelQuantize().run(src, 0, dst, 0, 3, channels, 41);
        assertEquals(42, dst[1], "NaN is the zero point");
    }
}
