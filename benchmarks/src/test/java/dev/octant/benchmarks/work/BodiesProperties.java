// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.benchmarks.work.ArithmeticBenchmark.AddBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.MultiplyBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.PytorchAddBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.TfliteAddBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.TfliteMultiplyBenchmark;
import dev.octant.benchmarks.work.ArithmeticBenchmark.XnnpackAddBenchmark;
import dev.octant.benchmarks.work.TableBenchmark.SigmoidBenchmark;
import dev.octant.benchmarks.work.TableBenchmark.SiluBenchmark;
import dev.octant.core.ErrorTally;
import dev.octant.core.IntegerType;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.IntegerOracle;
import dev.octant.fixtures.MiniFloatOracle;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.ReferenceFunction;
import dev.octant.layers.Between;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is timed is also right: every body, at any size, against the oracle or plain double arithmetic. */
class BodiesProperties {
    private static Grid grid(QuantParams params) {
        return params.type() == QuantType.UINT8
                ? Grid.uint8(params.scale(), params.zeroPoint())
                : Grid.int8(params.scale(), params.zeroPoint());
    }

    private static <B extends BesidePeers> B prepared(B benchmark, int size) {
        benchmark.size = size;
        benchmark.prepare();
        return benchmark;
    }

    private static int[] siluTable() {
        return Oracle.table(ReferenceFunction.of("silu"), grid(SiluBenchmark.INPUT), grid(SiluBenchmark.OUTPUT));
    }

    @Property(tries = 20)
    void sigmoid(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        SigmoidBenchmark b = prepared(new SigmoidBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            double real = 1 / (1 + Math.exp(-value(SigmoidBenchmark.INPUT, b.src[i])));
            assertNearest(real, SigmoidBenchmark.OUTPUT, b.dst[i]);
        }
    }

    @Property(tries = 20)
    void silu(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        SiluBenchmark b = prepared(new SiluBenchmark(), size);
        int[] expected = siluTable();
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(expected[b.src[i] + 128], b.dst[i]);
        }
    }

    @Property(tries = 20)
    void direct(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        checkDirect(prepared(new DirectTableBenchmark(), size));
    }

    @Example
    void mixedMemory() {
        checkDirect(prepared(new DirectTableBenchmark.MixedMemoryTableBenchmark(), 5_000));
        checkDirect(prepared(new DirectTableBenchmark.SegmentTableBenchmark(), 5_000));
    }

    private static void checkDirect(DirectTableBenchmark b) {
        int[] expected = siluTable();
        assertSame(b.dst, b.call());
        ByteBuffer dst = b.call();
        assertTrue(dst.isDirect() && b.src.isDirect());
        for (int i = 0; i < b.size; i++) {
            assertEquals(expected[b.codes[i] + 128], dst.get(i));
        }
    }

    @Property(tries = 20)
    void quantize(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        QuantizeBenchmark b = prepared(new QuantizeBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(Oracle.quantize(b.src[i], grid(QuantizeBenchmark.PARAMS)), b.dst[i]);
        }
    }

    @Property(tries = 20)
    void quantizeOnTwoThreads(@ForAll @IntRange(min = 1, max = 10_000) int size) throws Exception {
        QuantizeBenchmark b = prepared(new QuantizeBenchmark.TwoThreadQuantizeBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(Oracle.quantize(b.src[i], grid(QuantizeBenchmark.PARAMS)), b.dst[i]);
        }
        b.end();
    }

    @Property(tries = 20)
    void quantizeUint8(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        QuantizeBenchmark.QuantizeUint8Benchmark b = prepared(new QuantizeBenchmark.QuantizeUint8Benchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(
                    Oracle.quantize(b.src[i], grid(QuantizeBenchmark.QuantizeUint8Benchmark.UINT8)), b.dst[i] & 0xFF);
        }
    }

    @Property(tries = 20)
    void dequantize(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        DequantizeBenchmark b = prepared(new DequantizeBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(Oracle.dequantize(b.src[i], grid(DequantizeBenchmark.PARAMS)), b.dst[i]);
        }
    }

    @Property(tries = 20)
    void dequantizeUint8(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        DequantizeBenchmark.DequantizeUint8Benchmark b =
                prepared(new DequantizeBenchmark.DequantizeUint8Benchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(
                    Oracle.dequantize(b.src[i] & 0xFF, grid(DequantizeBenchmark.DequantizeUint8Benchmark.UINT8)),
                    b.dst[i]);
        }
    }

    @Property(tries = 20)
    void requantize(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        RequantizeBenchmark b = prepared(new RequantizeBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertEquals(
                    Oracle.requantize(b.src[i], grid(RequantizeBenchmark.FROM), grid(RequantizeBenchmark.TO)),
                    b.dst[i]);
        }
    }

    @Property(tries = 10)
    void channelFirst(@ForAll @IntRange(min = 1, max = 3) int rows) {
        checkChannels(
                prepared(
                        new ChannelBenchmark.ChannelFirstBenchmark(),
                        rows * ChannelBenchmark.CHANNELS * ChannelBenchmark.ROW),
                ChannelBenchmark.ROW);
    }

    @Property(tries = 10)
    void channelLast(@ForAll @IntRange(min = 1, max = 500) int rows) {
        checkChannels(prepared(new ChannelBenchmark.ChannelLastBenchmark(), rows * ChannelBenchmark.CHANNELS), 1);
    }

    @Property(tries = 10)
    void shortRows(@ForAll @IntRange(min = 1, max = 20) int rows) {
        ChannelBenchmark.ShortRowsBenchmark b = new ChannelBenchmark.ShortRowsBenchmark();
        int row = ChannelBenchmark.ShortRowsBenchmark.SHORT_ROW;
        checkChannels(prepared(b, rows * ChannelBenchmark.CHANNELS * row), row);
        assertEquals(
                rows * ChannelBenchmark.CHANNELS * row,
                prepared(b, rows * ChannelBenchmark.CHANNELS * row + 5).call().length);
    }

    private static void checkChannels(ChannelBenchmark b, int inner) {
        List<Grid> grids =
                ChannelBenchmark.params().stream().map(BodiesProperties::grid).toList();
        int[] expected = Oracle.quantizePerChannel(
                b.src, b.size / (inner * ChannelBenchmark.CHANNELS), ChannelBenchmark.CHANNELS, inner, grids);
        assertSame(b.dst, b.call());
        for (int i = 0; i < b.size; i++) {
            assertEquals(expected[i], b.dst[i]);
        }
    }

    /** Blocks whose last is short. */
    @Property(tries = 10)
    void blocks(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        for (IntegerBenchmark b : List.of(
                new IntegerBenchmark.BlockedInt8Benchmark(),
                new IntegerBenchmark.BlockedInt4Benchmark(),
                new IntegerBenchmark.BlockedInt16Benchmark())) {
            prepared(b, size);
            IntegerType type = b.type();
            int[] expected = new int[size];
            for (int i = 0; i < size; i++) {
                float scale = IntegerBenchmark.scale(type, i / IntegerBenchmark.BLOCK);
                expected[i] = IntegerOracle.quantize(b.src[i], scale, 0, type.low(), type.high());
            }
            byte[] packed = IntegerOracle.pack(expected, type.bits());
            if (type.isWide()) {
                assertSame(b.wide, b.call());
                ByteBuffer bytes = ByteBuffer.wrap(packed).order(ByteOrder.LITTLE_ENDIAN);
                assertEquals(bytes.asShortBuffer(), ShortBuffer.wrap(b.wide));
            } else {
                assertSame(b.codes, b.call());
                assertArrayEquals(packed, b.codes);
            }
        }
    }

    @Property(tries = 10)
    void fromBlocks(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        IntegerBenchmark b = prepared(new IntegerBenchmark.FromBlockedInt4Benchmark(), size);
        assertSame(b.back, b.call());
        for (int i = 0; i < size; i++) {
            float scale = IntegerBenchmark.scale(IntegerType.INT4, i / IntegerBenchmark.BLOCK);
            int code = IntegerOracle.quantize(b.src[i], scale, 0, -8, 7);
            assertEquals(IntegerOracle.dequantize(code, scale, 0), b.back[i]);
        }
    }

    /** Each row's grid spans its values, and each value is within a step of its code. */
    @Property(tries = 10)
    void dynamic(@ForAll @IntRange(min = 1, max = 8) int rows) {
        for (DynamicBenchmark b : List.of(
                new DynamicBenchmark.DynamicTensorBenchmark(),
                new DynamicBenchmark.DynamicRowBenchmark(),
                new DynamicBenchmark.DynamicGroupBenchmark())) {
            prepared(b, rows * 1024);
            assertSame(b.dst, b.call());
            boolean signed = b.type.isSigned();
            for (int i = 0; i < b.size; i++) {
                int row = i / b.row();
                int code = signed ? b.dst[i] : b.dst[i] & 0xFF;
                assertEquals(b.src[i], (code - b.zeroPoints[row]) * (double) b.scales[row], 1.01 * b.scales[row]);
            }
        }
    }

    @Property(tries = 20)
    void add(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        for (AddBenchmark b : List.of(
                new AddBenchmark(), new TfliteAddBenchmark(), new XnnpackAddBenchmark(), new PytorchAddBenchmark())) {
            prepared(b, size);
            assertSame(b.dst, b.call());
            for (int i = 0; i < size; i++) {
                double real = value(b.leftParams, b.left[i]) + value(AddBenchmark.RIGHT, b.right[i]);
                assertNearest(real, ArithmeticBenchmark.OUTPUT, b.dst[i]);
            }
        }
    }

    @Property(tries = 20)
    void multiply(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        MultiplyBenchmark b = prepared(new MultiplyBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            assertNearest(product(b, i), MultiplyBenchmark.OUTPUT, b.dst[i]);
        }
    }

    /** Its product is rounded to a few bits first, and so by up to a 64th of a step. */
    @Property(tries = 20)
    void tfliteMultiply(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        TfliteMultiplyBenchmark b = prepared(new TfliteMultiplyBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            double steps = product(b, i) / MultiplyBenchmark.OUTPUT.scale() + MultiplyBenchmark.OUTPUT.zeroPoint();
            double inside = Math.min(Math.max(steps, -128), 127);
            assertTrue(Math.abs(b.dst[i] - inside) <= 0.5 + 1 / 64.0);
        }
    }

    private static double product(MultiplyBenchmark b, int i) {
        return value(MultiplyBenchmark.LEFT, b.left[i]) * value(MultiplyBenchmark.RIGHT, b.right[i]);
    }

    @Property(tries = 20)
    void mask(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        MaskBenchmark b = prepared(new MaskBenchmark(), size);
        assertSame(b.dst, b.call());
        QuantParams p = QuantizeBenchmark.PARAMS;
        for (int i = 0; i < size; i++) {
            double code = Math.rint(b.src[i] * (1 / p.scale())) + p.zeroPoint();
            assertEquals(code >= p.type().low() && code <= p.type().high() ? 1 : 0, b.dst[i]);
        }
    }

    @Property(tries = 20)
    void fakeQuantize(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        FakeBenchmark b = prepared(new FakeBenchmark(), size);
        assertSame(b.dst, b.call());
        FakeBenchmark product = prepared(new FakeBenchmark.PytorchFakeBenchmark(), size);
        product.call();
        QuantParams p = QuantizeBenchmark.PARAMS;
        for (int i = 0; i < size; i++) {
            assertEquals(p.dequantize(p.quantize(b.src[i])), b.dst[i]);
            float steps = (float) Math.rint(b.src[i] * (1 / p.scale()));
            float clamped = Math.min(Math.max(steps, -128 - p.zeroPoint()), 127 - p.zeroPoint());
            assertEquals(clamped * p.scale(), product.dst[i], 0f);
        }
    }

    @Property(tries = 20)
    void fakeQuantizeBackward(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        FakeBenchmark.FakeBackwardBenchmark b = prepared(new FakeBenchmark.FakeBackwardBenchmark(), size);
        assertSame(b.dst, b.call());
        FakeBenchmark.StepBackwardBenchmark step = prepared(new FakeBenchmark.StepBackwardBenchmark(), size);
        step.call();
        QuantParams p = QuantizeBenchmark.PARAMS;
        double sum = 0;
        double magnitudes = 0;
        for (int i = 0; i < size; i++) {
            assertEquals(isInside(p, b.src[i]) ? b.dy[i] : 0, b.dst[i]);
            assertEquals(b.dst[i], step.dst[i]);
            sum += b.dy[i] * derivativeToScale(p, b.src[i]);
            magnitudes += Math.abs(b.dy[i] * largestDerivative(p, b.src[i]));
        }
        // The bracket is rounded three times in float.
        assertEquals(sum, step.scaleGradient(0), 0x1p-22 * magnitudes);
    }

    @Property(tries = 20)
    void fakeQuantizeChannelsLast(@ForAll @IntRange(min = 1, max = 600) int rows) {
        int size = rows * ChannelBenchmark.CHANNELS;
        FakeBenchmark b = prepared(new FakeBenchmark.ChannelsLastFakeBenchmark(), size);
        assertSame(b.dst, b.call());
        FakeBenchmark.StepBackwardBenchmark step = prepared(new FakeBenchmark.ChannelsLastStepBenchmark(), size);
        assertSame(step.dst, step.call());
        double[] sums = new double[ChannelBenchmark.CHANNELS];
        double[] magnitudes = new double[ChannelBenchmark.CHANNELS];
        for (int i = 0; i < size; i++) {
            int c = i % ChannelBenchmark.CHANNELS;
            QuantParams p = ChannelBenchmark.params().get(c);
            assertEquals(p.dequantize(p.quantize(b.src[i])), b.dst[i]);
            assertEquals(isInside(p, step.src[i]) ? step.dy[i] : 0, step.dst[i]);
            sums[c] += step.dy[i] * derivativeToScale(p, step.src[i]);
            magnitudes[c] += Math.abs(step.dy[i] * largestDerivative(p, step.src[i]));
        }
        for (int c = 0; c < sums.length; c++) {
            assertEquals(sums[c], step.scaleGradient(c), 0x1p-22 * magnitudes[c]);
        }
    }

    @Property(tries = 20)
    void localDerivatives(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        FakeBenchmark.LocalBenchmark b = prepared(new FakeBenchmark.LocalBenchmark(), size);
        assertSame(b.dst, b.call());
        QuantParams p = QuantizeBenchmark.PARAMS;
        for (int i = 0; i < size; i++) {
            assertEquals(isInside(p, b.src[i]) ? 1 : 0, b.mask[i]);
            assertEquals(derivativeToScale(p, b.src[i]), b.dst[i], 0x1p-22 * largestDerivative(p, b.src[i]));
        }
    }

    private static double codeOf(QuantParams p, float x) {
        return Math.rint(x / p.scale()) + p.zeroPoint();
    }

    private static boolean isInside(QuantParams p, float x) {
        return codeOf(p, x) >= -128 && codeOf(p, x) <= 127;
    }

    private static double derivativeToScale(QuantParams p, float x) {
        double whole = Math.min(Math.max(codeOf(p, x), -128), 127) - p.zeroPoint();
        return isInside(p, x) ? whole - (double) x / p.scale() : whole;
    }

    /** What the derivative is rounded in the size of. */
    private static double largestDerivative(QuantParams p, float x) {
        return Math.max(1, Math.abs(Math.min(Math.max(codeOf(p, x), -128), 127) - p.zeroPoint()));
    }

    @Property(tries = 10)
    void epilogue(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        for (EpilogueBenchmark b : List.of(
                new EpilogueBenchmark(),
                new EpilogueBenchmark.SiluEpilogueBenchmark(),
                new EpilogueBenchmark.FineSiluEpilogueBenchmark())) {
            prepared(b, size);
            assertSame(b.dst, b.call());
            float scale = EpilogueBenchmark.INPUT.scale() * EpilogueBenchmark.WEIGHT_SCALE;
            for (int i = 0; i < size; i++) {
                double x = (double) b.src[i] * scale + b.bias[i % EpilogueBenchmark.ROW];
                double real = b.between() == Between.EXACT ? Math.max(x, 0) : x / (1 + Math.exp(-x));
                // Half a step of what lies between, times the largest slope, and half one of the output.
                double steps = switch (b.between()) {
                    case EXACT -> 0;
                    case TWELVE_BITS -> 0.05;
                    case EIGHT_BITS -> 0.8;
                };
                double held = Math.min(Math.max(real / 0.05, -118), 137);
                assertEquals(held, b.dst[i] + 10, 0.501 + steps);
            }
        }
    }

    @Property(tries = 20)
    void swiglu(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        SwigluBenchmark b = prepared(new SwigluBenchmark(), size);
        assertSame(b.dst, b.call());
        for (int i = 0; i < size; i++) {
            double gate = value(SwigluBenchmark.GATE, b.left[i]);
            double real = gate / (1 + Math.exp(-gate)) * value(SwigluBenchmark.VALUE, b.right[i]);
            assertNearest(real, SwigluBenchmark.OUTPUT, b.dst[i]);
        }
    }

    @Property(tries = 5)
    void softmax(@ForAll @IntRange(min = 1, max = 5) int rows) {
        checkSoftmax(prepared(new SoftmaxBenchmark(), rows * SoftmaxBenchmark.ROW));
    }

    @Property(tries = 5)
    void engineSoftmax(@ForAll @IntRange(min = 1, max = 5) int rows) {
        checkSoftmax(prepared(new SoftmaxBenchmark.EngineSoftmaxBenchmark(), rows * SoftmaxBenchmark.ROW));
    }

    @Property(tries = 5)
    void softmaxBuffers(@ForAll @IntRange(min = 1, max = 5) int rows) {
        SoftmaxBuffersBenchmark b = prepared(new SoftmaxBuffersBenchmark(), rows * SoftmaxBenchmark.ROW);
        assertSame(b.dst, b.call());
        assertTrue(b.src.isDirect() && b.dst.isDirect());
        assertEquals(ByteBuffer.wrap(b.onHeap()), b.dst.flip());
    }

    private static void checkSoftmax(SoftmaxBenchmark b) {
        assertSame(b.dst, b.call());
        for (int row = 0; row < b.size; row += SoftmaxBenchmark.ROW) {
            double sum = 0;
            for (int i = row; i < row + SoftmaxBenchmark.ROW; i++) {
                sum += Math.exp(value(SoftmaxBenchmark.INPUT, b.src[i]));
            }
            for (int i = row; i < row + SoftmaxBenchmark.ROW; i++) {
                double real = Math.exp(value(SoftmaxBenchmark.INPUT, b.src[i])) / sum;
                assertNearest(real, SoftmaxBenchmark.OUTPUT, b.dst[i]);
            }
        }
    }

    @Property(tries = 20)
    void minMax(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        MinMaxBenchmark b = prepared(new MinMaxBenchmark(), size);
        assertEquals(range(b.src), b.call().summary().range());
        assertEquals(2L * size, b.call().summary().count());
    }

    @Property(tries = 20)
    void histogram(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        HistogramBenchmark b = prepared(new HistogramBenchmark(), size);
        assertEquals(range(b.src), b.call().summary().range());
        assertEquals(2L * size, b.call().summary().counts().count());
    }

    @Property(tries = 20)
    void errors(@ForAll @IntRange(min = 1, max = 10_000) int size) {
        ErrorsBenchmark b = prepared(new ErrorsBenchmark(), size);
        ErrorTally tally = b.call();
        double signal = 0;
        double noise = 0;
        double largest = 0;
        long clipped = 0;
        for (int i = 0; i < size; i++) {
            double error = (double) b.src[i] - b.approximations[i];
            signal += (double) b.src[i] * b.src[i];
            noise += error * error;
            largest = Math.max(largest, Math.abs(error));
            clipped += Math.abs(b.src[i]) > 2.5 ? 1 : 0;
        }
        assertEquals(size, tally.count());
        assertEquals(clipped, tally.clipped());
        assertEquals(largest, tally.largest());
        assertEquals(signal, tally.signal(), 1e-12 * signal);
        assertEquals(noise, tally.roundingNoise() + tally.clippingNoise(), 1e-12 * noise);
    }

    @Example
    void compile() {
        byte[] codes = prepared(new CompileBenchmark(), 256).call().table().codes(QuantType.INT8);
        int[] expected = siluTable();
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], codes[i]);
        }
    }

    /** A normal distribution's tails are cut somewhere behind three deviations, and not beyond the data. */
    @Example
    void estimates() {
        for (EstimateBenchmark b :
                List.of(new EstimateBenchmark.EntropyBenchmark(), new EstimateBenchmark.SquaredErrorBenchmark())) {
            prepared(b, 1 << 16);
            RealRange range = b.call();
            RealRange data = range(Data.reals(1 << 16));
            assertTrue(range.min() >= data.min() && range.max() <= data.max(), range::toString);
            assertTrue(range.min() < -3 && range.max() > 3, range::toString);
        }
    }

    @Property(tries = 20)
    void halves(@ForAll @IntRange(min = 1, max = 5_000) int size) {
        HalfBenchmark.ToFloat16Benchmark to16 = prepared(new HalfBenchmark.ToFloat16Benchmark(), size);
        HalfBenchmark.ToBfloat16Benchmark toB16 = prepared(new HalfBenchmark.ToBfloat16Benchmark(), size);
        assertSame(to16.halves, to16.call());
        assertSame(toB16.halves, toB16.call());
        HalfBenchmark.FromFloat16Benchmark from16 = prepared(new HalfBenchmark.FromFloat16Benchmark(), size);
        HalfBenchmark.FromBfloat16Benchmark fromB16 = prepared(new HalfBenchmark.FromBfloat16Benchmark(), size);
        assertSame(from16.floats, from16.call());
        assertSame(fromB16.floats, fromB16.call());
        float[] reals = Data.reals(size);
        for (int i = 0; i < size; i++) {
            int half = MiniFloatOracle.FLOAT16.code(reals[i]);
            int bfloat = MiniFloatOracle.BFLOAT16.code(reals[i]);
            assertEquals((short) half, to16.halves[i]);
            assertEquals((short) bfloat, toB16.halves[i]);
            assertEquals(MiniFloatOracle.FLOAT16.value(half), from16.floats[i]);
            assertEquals(MiniFloatOracle.BFLOAT16.value(bfloat), fromB16.floats[i]);
        }
    }

    @Example
    void dataAreTheSameEverywhere() {
        assertArrayEquals(Data.reals(100), java.util.Arrays.copyOf(Data.reals(1000), 100));
        assertEquals(Data.reals(2 << 20)[7], Data.reals(2 << 20)[(1 << 20) + 7]);
        assertEquals(1.1419053077697754f, Data.reals(1)[0]);
        assertArrayEquals(Data.codes(100), java.util.Arrays.copyOf(Data.codes((1 << 20) + 5), 100));
    }

    /** The code is the nearest to the real value, or as near as float arithmetic can tell; saturated. */
    private static void assertNearest(double real, QuantParams params, int code) {
        double steps = real / params.scale() + params.zeroPoint();
        double inside =
                Math.min(Math.max(steps, params.type().low()), params.type().high());
        assertTrue(Math.abs(code - inside) <= 0.5001, () -> code + " for " + steps);
    }

    private static double value(QuantParams params, byte code) {
        return (code - params.zeroPoint()) * (double) params.scale();
    }

    private static RealRange range(float[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (float x : values) {
            min = Math.min(min, x);
            max = Math.max(max, x);
        }
        return RealRange.of(min, max);
    }
}
