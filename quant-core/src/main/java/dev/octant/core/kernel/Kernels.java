package dev.octant.core.kernel;

import java.util.List;

/** Every kernel that has more than one form. Internal. */
public final class Kernels {
    /** Bytes through a table of 256. */
    public static final KernelChoice<TableKernel> TABLE =
            new KernelChoice<>("table", new ScalarTable(), TableTrial::new, "SelectTable512", "SelectTable256");

    /** The ends of floats, and whether all are finite. */
    public static final KernelChoice<EndsKernel> ENDS =
            new KernelChoice<>("min-max", new ScalarEnds(), EndsTrial::new, "BitEnds512", "BitEnds256");

    /** Floats counted in bins and added up. */
    public static final KernelChoice<BinKernel> BINS =
            new KernelChoice<>("histogram", new ScalarBins(), BinTrial::new, "CountBins512", "CountBins256");

    /** By division, half to even. */
    public static final KernelChoice<QuantizeKernel> QUANTIZE =
            new KernelChoice<>("quantize", new ScalarQuantize(), QuantizeTrial::new, "VectorQuantize");

    /** By multiplication with the reciprocal of the scale, half to even. */
    public static final KernelChoice<QuantizeKernel> QUANTIZE_BY_RECIPROCAL = new KernelChoice<>(
            "quantize by reciprocal", new ScalarReciprocalQuantize(), QuantizeTrial::new, "VectorReciprocalQuantize");

    /** By division, half to even, each element with parameters of its own. */
    public static final KernelChoice<ChannelQuantizeKernel> QUANTIZE_CHANNELS = new KernelChoice<>(
            "quantize channels last", new ScalarChannelQuantize(), ChannelQuantizeTrial::new, "VectorChannelQuantize");

    /** Codes to floats. */
    public static final KernelChoice<DequantizeKernel> DEQUANTIZE =
            new KernelChoice<>("dequantize", new ScalarDequantize(), DequantizeTrial::new, "VectorDequantize");

    /** Codes to floats, each with parameters of its own. */
    public static final KernelChoice<ChannelDequantizeKernel> DEQUANTIZE_CHANNELS = new KernelChoice<>(
            "dequantize channels last",
            new ScalarChannelDequantize(),
            ChannelDequantizeTrial::new,
            "VectorChannelDequantize");

    /** Sums of 32 bits to codes. */
    public static final KernelChoice<RequantizeKernel> REQUANTIZE =
            new KernelChoice<>("requantize int32", new ScalarRequantize(), RequantizeTrial::new, "VectorRequantize");

    /** Which values need no clamping, by division, half to even. */
    public static final KernelChoice<InRangeKernel> IN_RANGE =
            new KernelChoice<>("fake quantize mask", new ScalarInRange(), InRangeTrial::new, "VectorInRange");

    /** The same by multiplication with the reciprocal of the scale. */
    public static final KernelChoice<InRangeKernel> IN_RANGE_BY_RECIPROCAL = new KernelChoice<>(
            "fake quantize mask by reciprocal", new ReciprocalInRange(), InRangeTrial::new, "VectorReciprocalInRange");

    /** The same by division, half away from zero. */
    public static final KernelChoice<InRangeKernel> IN_RANGE_HALF_AWAY = new KernelChoice<>(
            "fake quantize mask, half away", new HalfAwayInRange(), InRangeTrial::new, "VectorHalfAwayInRange");

    /** IEEE 754 binary16 to floats. */
    public static final KernelChoice<WidenKernel> FLOAT16_WIDEN = new KernelChoice<>(
            "float16 to float", new ScalarWiden(MiniFloat.FLOAT16), WidenTrial::new, "HardwareFloat16Widen");

    /** Floats to IEEE 754 binary16. */
    public static final KernelChoice<NarrowKernel> FLOAT16_NARROW = new KernelChoice<>(
            "float to float16", new ScalarNarrow(MiniFloat.FLOAT16), NarrowTrial::new, "HardwareFloat16Narrow");

    /** Upper halves of floats to floats. */
    public static final KernelChoice<WidenKernel> BFLOAT16_WIDEN =
            new KernelChoice<>("bfloat16 to float", new ScalarBfloat16Widen(), WidenTrial::new, "VectorBfloat16Widen");

    /** Floats to their upper halves, rounded. */
    public static final KernelChoice<NarrowKernel> BFLOAT16_NARROW = new KernelChoice<>(
            "float to bfloat16", new ScalarNarrow(MiniFloat.BFLOAT16), NarrowTrial::new, "VectorBfloat16Narrow");

    /** Gates as lines in the second operand, one for each value of the first. */
    public static final KernelChoice<PairKernel<SlopeTable>> LINES =
            new KernelChoice<>("gate", new ScalarPairs<>(), PairTrial::lines, "Lines512", "StagedLines");

    /** Gates that round as often as their rule. */
    public static final KernelChoice<PairKernel<SlopeTable>> QUOTIENTS = new KernelChoice<>(
            "gate by division", new ScalarPairs<>(), PairTrial::quotients, "Quotients512", "StagedQuotients");

    /** Sums of two codes. */
    public static final KernelChoice<PairKernel<AffinePairTable>> SUMS =
            new KernelChoice<>("add", new ScalarPairs<>(), PairTrial::sums, "VectorSums");

    /** Sums of two codes by fused operations. */
    public static final KernelChoice<PairKernel<FusedSumTable>> FUSED_SUMS =
            new KernelChoice<>("add, fused", new ScalarPairs<>(), PairTrial::fusedSums, "VectorFusedSums");

    /** Sums of two codes in whole numbers. */
    public static final KernelChoice<PairKernel<WholeSumTable>> WHOLE_SUMS =
            new KernelChoice<>("add, fixed point", new ScalarPairs<>(), PairTrial::wholeSums, "VectorWholeSums");

    /** Products of two codes. */
    public static final KernelChoice<PairKernel<AffinePairTable>> PRODUCTS =
            new KernelChoice<>("multiply", new ScalarPairs<>(), PairTrial::products, "VectorProducts");

    /** Sums and products of two codes that fixed-point arithmetic rounds twice. */
    public static final KernelChoice<PairKernel<FinePairTable>> FINE_PAIRS = new KernelChoice<>(
            "add and multiply, rounded twice", new ScalarPairs<>(), PairTrial::finePairs, "FinePairs512");

    /** The largest code of a block. */
    public static final KernelChoice<LargestKernel> LARGEST =
            new KernelChoice<>("largest", new ScalarLargest(), LargestTrial::new, "Largest512", "Largest256");

    /** Sums of weights looked up by distance. */
    public static final KernelChoice<WeightKernel> WEIGHTS =
            new KernelChoice<>("weights", new ScalarWeights(), WeightTrial::new, "Weights512");

    /** Sums of squared values and errors. */
    public static final KernelChoice<ErrorKernel> ERRORS =
            new KernelChoice<>("errors", new ScalarErrors(), ErrorTrial::new, "Errors512", "Errors256");

    private static final List<KernelChoice<?>> ALL = List.of(
            TABLE,
            ENDS,
            BINS,
            QUANTIZE,
            QUANTIZE_BY_RECIPROCAL,
            QUANTIZE_CHANNELS,
            DEQUANTIZE,
            DEQUANTIZE_CHANNELS,
            REQUANTIZE,
            IN_RANGE,
            IN_RANGE_BY_RECIPROCAL,
            IN_RANGE_HALF_AWAY,
            FLOAT16_WIDEN,
            FLOAT16_NARROW,
            BFLOAT16_WIDEN,
            BFLOAT16_NARROW,
            SUMS,
            FUSED_SUMS,
            WHOLE_SUMS,
            PRODUCTS,
            FINE_PAIRS,
            LARGEST,
            WEIGHTS,
            LINES,
            QUOTIENTS,
            ERRORS);

    private Kernels() {}

    /** All of them. */
    public static List<KernelChoice<?>> all() {
        return ALL;
    }
}
