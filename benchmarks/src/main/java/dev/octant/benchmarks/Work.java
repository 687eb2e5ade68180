// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.ArithmeticBenchmark;
import dev.octant.benchmarks.work.BesidePeers;
import dev.octant.benchmarks.work.ChannelBenchmark;
import dev.octant.benchmarks.work.CompileBenchmark;
import dev.octant.benchmarks.work.DequantizeBenchmark;
import dev.octant.benchmarks.work.DirectTableBenchmark;
import dev.octant.benchmarks.work.DynamicBenchmark;
import dev.octant.benchmarks.work.EpilogueBenchmark;
import dev.octant.benchmarks.work.ErrorsBenchmark;
import dev.octant.benchmarks.work.EstimateBenchmark;
import dev.octant.benchmarks.work.FakeBenchmark;
import dev.octant.benchmarks.work.HalfBenchmark;
import dev.octant.benchmarks.work.HistogramBenchmark;
import dev.octant.benchmarks.work.IntegerBenchmark;
import dev.octant.benchmarks.work.LinearBenchmark;
import dev.octant.benchmarks.work.MaskBenchmark;
import dev.octant.benchmarks.work.MinMaxBenchmark;
import dev.octant.benchmarks.work.Peer;
import dev.octant.benchmarks.work.QuantizeBenchmark;
import dev.octant.benchmarks.work.RequantizeBenchmark;
import dev.octant.benchmarks.work.SoftmaxBenchmark;
import dev.octant.benchmarks.work.SoftmaxBuffersBenchmark;
import dev.octant.benchmarks.work.SwigluBenchmark;
import dev.octant.benchmarks.work.TableBenchmark;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Everything that is measured, in the order of the report, and the targets it has. */
enum Work {
    SIGMOID("sigmoid table", TableBenchmark.SigmoidBenchmark::new, Sizes.ALL_BYTES),
    SILU("SiLU table", TableBenchmark.SiluBenchmark::new, Sizes.MIDDLE),
    DIRECT("table, direct buffers", DirectTableBenchmark::new, Sizes.MIDDLE),
    MIXED_MEMORY(
            "table, direct buffers, after all other memory",
            DirectTableBenchmark.MixedMemoryTableBenchmark::new,
            Sizes.MIDDLE),
    SEGMENTS(
            "table, buffers of memory segments, after all other memory",
            DirectTableBenchmark.SegmentTableBenchmark::new,
            Sizes.MIDDLE),
    QUANTIZE("quantize int8", QuantizeBenchmark::new, Sizes.ALL_FLOATS),
    TWO_THREAD_QUANTIZE(
            "quantize int8, two threads", QuantizeBenchmark.TwoThreadQuantizeBenchmark::new, Sizes.LARGE_FLOATS),
    QUANTIZE_UINT8("quantize uint8", QuantizeBenchmark.QuantizeUint8Benchmark::new, Sizes.ONE),
    CHANNEL_FIRST("quantize, channel first", ChannelBenchmark.ChannelFirstBenchmark::new, Sizes.ONE),
    SHORT_ROWS("quantize, channel first, rows of 49", ChannelBenchmark.ShortRowsBenchmark::new, Sizes.ONE),
    CHANNEL_LAST("quantize, channel last", ChannelBenchmark.ChannelLastBenchmark::new, Sizes.ONE),
    BLOCKED_INT8("quantize int8, blocks of 32", IntegerBenchmark.BlockedInt8Benchmark::new, Sizes.ONE),
    BLOCKED_INT4("quantize int4, blocks of 32", IntegerBenchmark.BlockedInt4Benchmark::new, Sizes.ONE),
    BLOCKED_INT16("quantize int16, blocks of 32", IntegerBenchmark.BlockedInt16Benchmark::new, Sizes.ONE),
    FROM_BLOCKED_INT4("dequantize int4, blocks of 32", IntegerBenchmark.FromBlockedInt4Benchmark::new, Sizes.ONE),
    DYNAMIC("dynamic quantize", DynamicBenchmark.DynamicTensorBenchmark::new, Sizes.ONE),
    DYNAMIC_ROWS("dynamic quantize, rows of 1,024", DynamicBenchmark.DynamicRowBenchmark::new, Sizes.ONE),
    DYNAMIC_GROUPS("dynamic quantize, groups of 32", DynamicBenchmark.DynamicGroupBenchmark::new, Sizes.ONE),
    DEQUANTIZE("dequantize int8", DequantizeBenchmark::new, Sizes.ALL_FLOATS),
    DEQUANTIZE_UINT8("dequantize uint8", DequantizeBenchmark.DequantizeUint8Benchmark::new, Sizes.ONE),
    REQUANTIZE("requantize", RequantizeBenchmark::new, Sizes.MIDDLE),
    MASK("fake quantize mask, profile pytorch", MaskBenchmark::new, Sizes.ONE),
    FAKE("fake quantize", FakeBenchmark::new, Sizes.MIDDLE),
    PYTORCH_FAKE("fake quantize, profile pytorch", FakeBenchmark.PytorchFakeBenchmark::new, Sizes.MIDDLE),
    FAKE_BACKWARD("fake quantize, backward", FakeBenchmark.FakeBackwardBenchmark::new, Sizes.MIDDLE),
    STEP_BACKWARD("learned step, backward", FakeBenchmark.StepBackwardBenchmark::new, Sizes.MIDDLE),
    CHANNELS_LAST_FAKE("fake quantize, channels last", FakeBenchmark.ChannelsLastFakeBenchmark::new, Sizes.ONE),
    CHANNELS_LAST_STEP(
            "learned step, backward, channels last", FakeBenchmark.ChannelsLastStepBenchmark::new, Sizes.ONE),
    LOCAL("fake quantize, mask and derivative", FakeBenchmark.LocalBenchmark::new, Sizes.ONE),
    EPILOGUE("int32 sums to ReLU to int8", EpilogueBenchmark::new, Sizes.ONE),
    SILU_EPILOGUE(
            "int32 sums to SiLU to int8, 8 bits between", EpilogueBenchmark.SiluEpilogueBenchmark::new, Sizes.ONE),
    FINE_SILU_EPILOGUE(
            "int32 sums to SiLU to int8, 12 bits between", EpilogueBenchmark.FineSiluEpilogueBenchmark::new, Sizes.ONE),
    LINEAR("linear, 1,024 x 1,024 weights", LinearBenchmark::new, Sizes.ROWS),
    ADAPTER_LINEAR("linear through ONNX Runtime's product", LinearBenchmark.AdapterLinearBenchmark::new, Sizes.ROWS),
    ADD("add", ArithmeticBenchmark.AddBenchmark::new, Sizes.ONE),
    TFLITE_ADD("add, profile tflite", ArithmeticBenchmark.TfliteAddBenchmark::new, Sizes.ONE),
    XNNPACK_ADD("add, profile xnnpack", ArithmeticBenchmark.XnnpackAddBenchmark::new, Sizes.ONE),
    PYTORCH_ADD("add, profile pytorch", ArithmeticBenchmark.PytorchAddBenchmark::new, Sizes.ONE),
    MULTIPLY("multiply", ArithmeticBenchmark.MultiplyBenchmark::new, Sizes.MIDDLE),
    TFLITE_MULTIPLY("multiply, profile tflite", ArithmeticBenchmark.TfliteMultiplyBenchmark::new, Sizes.ONE),
    SWIGLU("SwiGLU", SwigluBenchmark::new, Sizes.MIDDLE),
    SOFTMAX("softmax, rows of 1,024", SoftmaxBenchmark::new, Sizes.MIDDLE),
    ENGINE_SOFTMAX("the same, profile onnxruntime", SoftmaxBenchmark.EngineSoftmaxBenchmark::new, Sizes.ONE),
    SOFTMAX_BUFFERS("softmax, rows of 1,024, direct buffers", SoftmaxBuffersBenchmark::new, Sizes.MIDDLE),
    MIN_MAX("min-max, NaN and Inf counted", MinMaxBenchmark::new, Sizes.MIDDLE),
    HISTOGRAM("histogram", HistogramBenchmark::new, Sizes.MIDDLE),
    ERRORS("error sums", ErrorsBenchmark::new, Sizes.MIDDLE),
    FROM_FLOAT16("float16 to float", HalfBenchmark.FromFloat16Benchmark::new, Sizes.ONE),
    TO_FLOAT16("float to float16", HalfBenchmark.ToFloat16Benchmark::new, Sizes.ONE),
    FROM_BFLOAT16("bfloat16 to float", HalfBenchmark.FromBfloat16Benchmark::new, Sizes.ONE),
    TO_BFLOAT16("float to bfloat16", HalfBenchmark.ToBfloat16Benchmark::new, Sizes.ONE),
    COMPILE("compile one table", CompileBenchmark::new, Sizes.TABLE),
    ENTROPY("entropy estimate", EstimateBenchmark.EntropyBenchmark::new, Sizes.ONE),
    SQUARED_ERROR("mse estimate", EstimateBenchmark.SquaredErrorBenchmark::new, Sizes.ONE);

    /** The size at which everything is compared with the scalar loops. */
    static final int COMMON_SIZE = 1 << 16;

    private final String title;
    private final Supplier<BesidePeers> benchmark;
    private final List<Integer> sizes;

    Work(String title, Supplier<BesidePeers> benchmark, List<Integer> sizes) {
        this.title = title;
        this.benchmark = benchmark;
        this.sizes = sizes;
    }

    private static final class Sizes {
        static final int ROWS_48 = 48 * 1024;
        static final List<Integer> ONE = List.of(COMMON_SIZE);
        static final List<Integer> MIDDLE = List.of(COMMON_SIZE, 1 << 20);
        static final List<Integer> ALL_BYTES = List.of(1 << 12, COMMON_SIZE, 1 << 20, 1 << 26);
        static final List<Integer> ALL_FLOATS = List.of(1 << 10, COMMON_SIZE, 1 << 20, 1 << 24);
        static final List<Integer> LARGE_FLOATS = List.of(COMMON_SIZE, 1 << 20, 1 << 24);

        /** 48 rows of codes, and 64. */
        static final List<Integer> ROWS = List.of(ROWS_48, COMMON_SIZE);

        static final List<Integer> TABLE = List.of(256);
    }

    /** What the report calls it. */
    String title() {
        return title;
    }

    /** A new benchmark, not prepared. */
    BesidePeers benchmark() {
        return benchmark.get();
    }

    /** The benchmark's simple class name, by which it is chosen. */
    String id() {
        return benchmark().getClass().getSimpleName();
    }

    /** Elements per call. */
    List<Integer> sizes() {
        return sizes;
    }

    /** Whether it is called for every batch and so must not allocate. */
    boolean isHot() {
        return switch (this) {
            case COMPILE, ENTROPY, SQUARED_ERROR -> false;
            default -> true;
        };
    }

    /** What is aimed at for {@code size} elements. */
    List<Target> targets(int size) {
        boolean middle = size == COMMON_SIZE || size == 1 << 20;
        return switch (this) {
            case SIGMOID ->
                middle
                        ? List.of(new Target.Ratio(Peer.COPY, 0.95), new Target.Ratio(Peer.ENGINE, 10))
                        : when(size == 1 << 26, new Target.Ratio(Peer.COPY, 0.75));
            case SILU -> when(middle, new Target.Ratio(Peer.ENGINE, 25));
            case DIRECT, MIXED_MEMORY, SEGMENTS -> when(middle, new Target.Ratio(Peer.HEAP, 0.5));
            case QUANTIZE -> when(middle, new Target.Ratio(Peer.ENGINE, 1.3));
            case DEQUANTIZE -> when(middle, new Target.Ratio(Peer.ENGINE, 1.8));
            case SWIGLU -> when(middle, new Target.Ratio(Peer.ENGINE, 4.5));
            case SOFTMAX -> when(middle, new Target.Ratio(Peer.ENGINE, 3.5));
            case MIN_MAX -> when(middle, new Target.Ratio(Peer.COPY, 1.4));
            case HISTOGRAM -> when(size == COMMON_SIZE, new Target.Ratio(Peer.COPY, 0.1));
            case FAKE, PYTORCH_FAKE -> when(size == COMMON_SIZE, new Target.Ratio(Peer.COPY, 0.8));
            case FAKE_BACKWARD -> when(size == COMMON_SIZE, new Target.Ratio(Peer.COPY, 0.45));
            case STEP_BACKWARD -> when(size == COMMON_SIZE, new Target.Ratio(Peer.COPY, 0.17));
            case EPILOGUE, SILU_EPILOGUE, FINE_SILU_EPILOGUE -> List.of(new Target.Ratio(Peer.COPY, 0.5));
            case LINEAR -> when(size == Sizes.ROWS_48, new Target.Ratio(Peer.ENGINE, 0.25));
            case ADAPTER_LINEAR -> when(size == Sizes.ROWS_48, new Target.Ratio(Peer.ENGINE, 0.95));
            case COMPILE -> List.of(new Target.Micros(20));
            case ENTROPY, SQUARED_ERROR -> List.of(new Target.Micros(10_000));
            default -> List.of();
        };
    }

    private static List<Target> when(boolean size, Target target) {
        return size ? List.of(target) : List.of();
    }

    /** Those whose title or {@link #id} matches a regular expression, ignoring case; all for an empty one. */
    static Stream<Work> matching(String regex) {
        Pattern pattern = Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
        return Stream.of(values())
                .filter(work -> pattern.matcher(work.title).find()
                        || pattern.matcher(work.id()).find());
    }
}
