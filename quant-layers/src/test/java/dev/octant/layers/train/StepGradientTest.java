// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sums of gradients: the stated rule, whatever the parts and threads. */
class StepGradientTest {
    private static final CodeRange CODES = new CodeRange(-8, 7);

    private final Random random = new Random(7);

    static List<FakeQuantizer> quantizers() {
        return List.of(
                FakeQuantizer.of(CODES, 0.3f, 2, Profile.ONNX),
                FakeQuantizer.of(CODES, 0.3f, -3, Profile.PYTORCH),
                perChannel(3, 1),
                perChannel(3, 7),
                perChannel(2, 64),
                perChannel(2, 6000));
    }

    private static FakeQuantizer perChannel(int channels, int inner) {
        float[] scales = new float[channels];
        int[] zeroPoints = new int[channels];
        for (int c = 0; c < channels; c++) {
            scales[c] = 0.1f + 0.13f * c;
            zeroPoints[c] = c - 1;
        }
        return FakeQuantizer.of(new ChannelLayout(channels, inner), CODES, scales, zeroPoints, Profile.ONNX);
    }

    private float[] values(int length, boolean odd) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
            if (odd && random.nextInt(50) == 0) {
                values[i] = new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, -0f
                        }
                        [random.nextInt(6)];
            }
        }
        return values;
    }

    private static int length(FakeQuantizer quantizer) {
        int period = quantizer.layout().map(ChannelLayout::period).orElse(1);
        return Math.max(1, 40_000 / period) * period;
    }

    /** The rule once more, with big decimals for what is exact. */
    @ParameterizedTest
    @MethodSource("quantizers")
    void theRuleAsItIsStated(FakeQuantizer quantizer) {
        int length = length(quantizer);
        float[] x = values(length, true);
        float[] dy = values(length, false);
        byte[] mask = new byte[length];
        float[] d = new float[length];
        quantizer.local(x, 0, mask, 0, d, 0, length);
        int channels = quantizer.channels();
        int inner = quantizer.layout().map(ChannelLayout::inner).orElse(length);
        double[][] lanes = new double[2 * channels][16];
        BigDecimal[] sums = new BigDecimal[2 * channels];
        Arrays.fill(sums, BigDecimal.ZERO);
        int[] number = new int[channels];
        long nans = 0;
        for (int i = 0; i < length; i++) {
            int c = i / inner % channels;
            int lane = number[c] % 16;
            if (Float.isNaN(x[i])) {
                nans++;
            } else {
                lanes[2 * c][lane] += (double) dy[i] * d[i];
                lanes[2 * c + 1][lane] += mask[i] == 1 ? 0 : dy[i];
            }
            number[c]++;
            if (number[c] % 4096 == 0) {
                close(lanes, sums, c);
            }
        }
        StepGradient gradient = quantizer.gradient();
        float[] dx = new float[length];
        quantizer.backward(x, 0, dy, 0, dx, 0, length, gradient);
        for (int c = 0; c < channels; c++) {
            close(lanes, sums, c);
            assertEquals(sums[2 * c].doubleValue(), gradient.scale(c));
            assertEquals(-quantizer.scale(c) * sums[2 * c + 1].doubleValue(), gradient.zeroPoint(c));
        }
        assertEquals(nans, gradient.nans());
        assertTrue(nans > 10);
        assertEquals(length, gradient.elements());
        for (int i = 0; i < length; i++) {
            assertEquals(mask[i] == 1 ? dy[i] : 0, dx[i]);
        }
    }

    private static void close(double[][] lanes, BigDecimal[] sums, int c) {
        for (int kind = 0; kind < 2; kind++) {
            double[] l = lanes[2 * c + kind];
            double total = 0;
            double[] eight = new double[8];
            for (int i = 0; i < 8; i++) {
                eight[i] = l[i] + l[i + 8];
            }
            total = ((eight[0] + eight[4]) + (eight[2] + eight[6])) + ((eight[1] + eight[5]) + (eight[3] + eight[7]));
            sums[2 * c + kind] = sums[2 * c + kind].add(new BigDecimal(total));
            Arrays.fill(l, 0);
        }
    }

    @ParameterizedTest
    @MethodSource("quantizers")
    void partsOfAnyLengthsAndThreadsInAnyOrder(FakeQuantizer quantizer) {
        int length = length(quantizer);
        float[] x = values(length, true);
        float[] dy = values(length, false);
        float[] dx = new float[length];
        StepGradient whole = quantizer.gradient();
        quantizer.backward(x, 0, dy, 0, dx, 0, length, whole);
        for (int trial = 0; trial < 20; trial++) {
            StepGradient parts = quantizer.gradient();
            float[] partDx = new float[length];
            for (int at = 0; at < length; ) {
                int n = Math.min(length - at, random.nextInt(3) == 0 ? random.nextInt(9000) : random.nextInt(20));
                quantizer.backward(x, at, dy, at, partDx, at, n, parts);
                at += n;
            }
            assertSame(whole, parts);
            assertArrayEquals(dx, partDx);
        }
        List<StepGradient> threads = new ArrayList<>();
        for (long at = 0; at < length; at += quantizer.unit()) {
            StepGradient part = quantizer.gradient(at);
            int n = (int) Math.min(quantizer.unit(), length - at);
            quantizer.backward(x, (int) at, dy, (int) at, dx, (int) at, n, part);
            threads.add(part);
        }
        Collections.shuffle(threads, random);
        StepGradient merged = threads.get(0);
        threads.stream().skip(1).forEach(merged::merge);
        assertSame(whole, merged);
    }

    private static void assertSame(StepGradient expected, StepGradient actual) {
        for (int c = 0; c < expected.channels(); c++) {
            assertEquals(expected.scale(c), actual.scale(c));
            assertEquals(expected.zeroPoint(c), actual.zeroPoint(c));
        }
        assertEquals(expected.nans(), actual.nans());
        assertEquals(expected.elements(), actual.elements());
    }

    /** Reading a sum in between changes nothing; clearing forgets all. */
    @Test
    void readingDoesNotCloseABlock() {
        FakeQuantizer quantizer = FakeQuantizer.of(CODES, 0.3f, 0, Profile.ONNX);
        float[] x = values(10_000, false);
        StepGradient read = quantizer.gradient();
        StepGradient unread = quantizer.gradient();
        for (int at = 0; at < x.length; at += 100) {
            quantizer.backward(x, at, x, at, new float[100], 0, 100, read);
            quantizer.backward(x, at, x, at, new float[100], 0, 100, unread);
            assertFalse(Double.isNaN(read.scale(0)));
        }
        assertSame(unread, read);
        read.clear();
        assertEquals(0, read.scale(0));
        assertEquals(0, read.elements());
        assertEquals(0, read.position());
    }

    @Test
    void aGradientThatIsNotFiniteIsNotHidden() {
        FakeQuantizer quantizer = FakeQuantizer.of(CODES, 0.3f, 0, Profile.ONNX);
        StepGradient gradient = quantizer.gradient();
        float[] x = {0.1f, 100, Float.NaN};
        float[] dx = new float[3];
        quantizer.backward(x, 0, new float[] {1, 1, Float.NaN}, 0, dx, 0, 3, gradient);
        assertEquals(0, dx[2]);
        assertTrue(Double.isFinite(gradient.scale(0)), "a NaN value adds nothing, whatever its gradient");
        quantizer.backward(x, 0, new float[] {Float.NaN, 1, 1}, 0, dx, 0, 3, gradient);
        assertTrue(Double.isNaN(gradient.scale(0)));
        assertTrue(Double.isFinite(gradient.zeroPoint(0)));
    }

    @Test
    void refusals() {
        FakeQuantizer quantizer = perChannel(3, 7);
        assertEquals(4096 * 21, quantizer.unit());
        assertEquals("position must be a multiple of 86016, was 21", refusal(() -> quantizer.gradient(21)));
        StepGradient other = perChannel(2, 7).gradient();
        String sentence =
                refusal(() -> quantizer.backward(new float[21], 0, new float[21], 0, new float[21], 0, 21, other));
        assertTrue(sentence.startsWith("gradient must be of FakeQuantizer(codes=-8..7, "), sentence);
        assertTrue(refusal(() -> other.merge(quantizer.gradient())).startsWith("gradient must be of "));
        assertEquals("other must be another gradient, was this one", refusal(() -> other.merge(other)));
        assertEquals(
                "length must be a multiple of channels x inner = 3 x 7, was 20",
                refusal(() -> quantizer.forward(new float[20], 0, new float[20], 0, 20)));
        assertEquals(
                "scale must be a positive normal float (" + Float.toString(Float.MIN_NORMAL)
                        + " to 3.4028235E38), was 0.0",
                refusal(() -> FakeQuantizer.of(CODES, 0, 0, Profile.ONNX)));
        assertEquals(
                "zero point must be within -8..7, was 8", refusal(() -> FakeQuantizer.of(CODES, 1, 8, Profile.ONNX)));
        assertEquals(
                "codes must be within -65536..65536, were 0..65537",
                refusal(() -> FakeQuantizer.of(new CodeRange(0, 65537), 1, 8, Profile.ONNX)));
        assertEquals(
                "profile must round ties to even, as onnx, onnxruntime, xnnpack and pytorch do, was tflite",
                refusal(() -> FakeQuantizer.of(CODES, 1, 0, Profile.TFLITE)));
        assertEquals(
                "codes must be within -128..127 or 0..255 for 8 bits, were -1..255",
                refusal(() -> FakeQuantizer.of(new CodeRange(-1, 255), 1, 0, Profile.ONNX)
                        .stored(0)));
        float[] shared = new float[10];
        FakeQuantizer one = FakeQuantizer.of(CODES, 1, 0, Profile.ONNX);
        assertEquals(
                "source and destination in one array must be the same block or disjoint, were 8 elements at 0 and at 2",
                refusal(() -> one.forward(shared, 0, shared, 2, 8)));
        assertThrows(IndexOutOfBoundsException.class, () -> one.forward(shared, 4, shared, 4, 8));
    }

    private static String refusal(Runnable call) {
        return assertThrows(IllegalArgumentException.class, call::run).getMessage();
    }
}
