// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal;

import dev.octant.core.internal.affine.DequantizeKernel;
import dev.octant.core.internal.affine.DequantizeTrial;
import dev.octant.core.internal.affine.QuantizeKernel;
import dev.octant.core.internal.affine.QuantizeTrial;
import dev.octant.core.internal.affine.RequantizeKernel;
import dev.octant.core.internal.affine.RequantizeTrial;
import dev.octant.core.internal.affine.ScalarDequantize;
import dev.octant.core.internal.affine.ScalarQuantize;
import dev.octant.core.internal.affine.ScalarReciprocalQuantize;
import dev.octant.core.internal.affine.ScalarRequantize;
import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.bins.BinTrial;
import dev.octant.core.internal.bins.ScalarBins;
import dev.octant.core.internal.channel.ChannelDequantizeKernel;
import dev.octant.core.internal.channel.ChannelDequantizeTrial;
import dev.octant.core.internal.channel.ChannelQuantizeKernel;
import dev.octant.core.internal.channel.ChannelQuantizeTrial;
import dev.octant.core.internal.channel.ScalarChannelDequantize;
import dev.octant.core.internal.channel.ScalarChannelQuantize;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.choice.Trial;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.core.internal.ends.EndsTrial;
import dev.octant.core.internal.ends.ScalarEnds;
import dev.octant.core.internal.errors.ErrorKernel;
import dev.octant.core.internal.errors.ErrorTrial;
import dev.octant.core.internal.errors.ScalarErrors;
import dev.octant.core.internal.fake.FakeKernel;
import dev.octant.core.internal.fake.FakeTrial;
import dev.octant.core.internal.fake.LocalKernel;
import dev.octant.core.internal.fake.LocalTrial;
import dev.octant.core.internal.fake.PassKernel;
import dev.octant.core.internal.fake.PassTrial;
import dev.octant.core.internal.fake.RowKernel;
import dev.octant.core.internal.fake.RowTrial;
import dev.octant.core.internal.fake.ScalarFake;
import dev.octant.core.internal.fake.ScalarLocal;
import dev.octant.core.internal.fake.ScalarPass;
import dev.octant.core.internal.fake.ScalarRow;
import dev.octant.core.internal.fake.ScalarStep;
import dev.octant.core.internal.fake.StepKernel;
import dev.octant.core.internal.fake.StepTrial;
import dev.octant.core.internal.half.MiniFloat;
import dev.octant.core.internal.half.NarrowKernel;
import dev.octant.core.internal.half.NarrowTrial;
import dev.octant.core.internal.half.ScalarBfloat16Widen;
import dev.octant.core.internal.half.ScalarNarrow;
import dev.octant.core.internal.half.ScalarWiden;
import dev.octant.core.internal.half.WidenKernel;
import dev.octant.core.internal.half.WidenTrial;
import dev.octant.core.internal.mask.InRangeKernel;
import dev.octant.core.internal.mask.InRangeTrial;
import dev.octant.core.internal.mask.ScalarHalfAwayInRange;
import dev.octant.core.internal.mask.ScalarInRange;
import dev.octant.core.internal.mask.ScalarReciprocalInRange;
import dev.octant.core.internal.pair.AffinePairTable;
import dev.octant.core.internal.pair.FinePairTable;
import dev.octant.core.internal.pair.FusedSumTable;
import dev.octant.core.internal.pair.PairKernel;
import dev.octant.core.internal.pair.PairTrial;
import dev.octant.core.internal.pair.ScalarPairs;
import dev.octant.core.internal.pair.SlopeTable;
import dev.octant.core.internal.pair.WholeSumTable;
import dev.octant.core.internal.product.ScalarSums;
import dev.octant.core.internal.product.ScalarTile;
import dev.octant.core.internal.product.SumsKernel;
import dev.octant.core.internal.product.SumsTrial;
import dev.octant.core.internal.product.TileKernel;
import dev.octant.core.internal.product.TileTrial;
import dev.octant.core.internal.softmax.LargestKernel;
import dev.octant.core.internal.softmax.LargestTrial;
import dev.octant.core.internal.softmax.ScalarLargest;
import dev.octant.core.internal.softmax.ScalarWeights;
import dev.octant.core.internal.softmax.WeightKernel;
import dev.octant.core.internal.softmax.WeightTrial;
import dev.octant.core.internal.table.ScalarTable;
import dev.octant.core.internal.table.TableKernel;
import dev.octant.core.internal.table.TableTrial;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;

/** Every kernel that has more than one form. Internal. */
public final class Kernels {
    private static final List<KernelChoice<?>> ALL = new ArrayList<>();

    /** Those that only training and layers call. */
    private static final List<KernelChoice<?>> OF_LAYERS = new ArrayList<>();

    /** Bytes through a table of 256. */
    public static final KernelChoice<TableKernel> TABLE =
            listed("table", new ScalarTable(), TableTrial::new, "SelectTable512", "SelectTable256");

    /** The ends of floats, and whether all are finite. */
    public static final KernelChoice<EndsKernel> ENDS =
            listed("min-max", new ScalarEnds(), EndsTrial::new, "BitEnds512", "BitEnds256");

    /** Floats counted in bins and added up. */
    public static final KernelChoice<BinKernel> BINS =
            listed("histogram", new ScalarBins(), BinTrial::new, "CountBins512", "CountBins256");

    /** By division, half to even. */
    public static final KernelChoice<QuantizeKernel> QUANTIZE =
            listed("quantize", new ScalarQuantize(), QuantizeTrial::new, "VectorQuantize");

    /** By multiplication with the reciprocal of the scale, half to even. */
    public static final KernelChoice<QuantizeKernel> QUANTIZE_BY_RECIPROCAL = listed(
            "quantize by reciprocal", new ScalarReciprocalQuantize(), QuantizeTrial::new, "VectorReciprocalQuantize");

    /** By division, half to even, each element with parameters of its own. */
    public static final KernelChoice<ChannelQuantizeKernel> QUANTIZE_CHANNELS = listed(
            "quantize channels last", new ScalarChannelQuantize(), ChannelQuantizeTrial::new, "VectorChannelQuantize");

    /** Codes to floats. */
    public static final KernelChoice<DequantizeKernel> DEQUANTIZE =
            listed("dequantize", new ScalarDequantize(), DequantizeTrial::new, "VectorDequantize");

    /** Codes to floats, each with parameters of its own. */
    public static final KernelChoice<ChannelDequantizeKernel> DEQUANTIZE_CHANNELS = listed(
            "dequantize channels last",
            new ScalarChannelDequantize(),
            ChannelDequantizeTrial::new,
            "VectorChannelDequantize");

    /** Sums of 32 bits to codes. */
    public static final KernelChoice<RequantizeKernel> REQUANTIZE =
            listed("requantize int32", new ScalarRequantize(), RequantizeTrial::new, "VectorRequantize");

    /** Which values need no clamping, by division, half to even. */
    public static final KernelChoice<InRangeKernel> IN_RANGE =
            listed("fake quantize mask", new ScalarInRange(), InRangeTrial::new, "VectorInRange");

    /** The same by multiplication with the reciprocal of the scale. */
    public static final KernelChoice<InRangeKernel> IN_RANGE_BY_RECIPROCAL = listed(
            "fake quantize mask by reciprocal",
            new ScalarReciprocalInRange(),
            InRangeTrial::new,
            "VectorReciprocalInRange");

    /** The same by division, half away from zero. */
    public static final KernelChoice<InRangeKernel> IN_RANGE_HALF_AWAY = listed(
            "fake quantize mask, half away", new ScalarHalfAwayInRange(), InRangeTrial::new, "VectorHalfAwayInRange");

    /** IEEE 754 binary16 to floats. */
    public static final KernelChoice<WidenKernel> FLOAT16_WIDEN =
            listed("float16 to float", new ScalarWiden(MiniFloat.FLOAT16), WidenTrial::new, "HardwareFloat16Widen");

    /** Floats to IEEE 754 binary16. */
    public static final KernelChoice<NarrowKernel> FLOAT16_NARROW =
            listed("float to float16", new ScalarNarrow(MiniFloat.FLOAT16), NarrowTrial::new, "HardwareFloat16Narrow");

    /** Upper halves of floats to floats. */
    public static final KernelChoice<WidenKernel> BFLOAT16_WIDEN =
            listed("bfloat16 to float", new ScalarBfloat16Widen(), WidenTrial::new, "VectorBfloat16Widen");

    /** Floats to their upper halves, rounded. */
    public static final KernelChoice<NarrowKernel> BFLOAT16_NARROW =
            listed("float to bfloat16", new ScalarNarrow(MiniFloat.BFLOAT16), NarrowTrial::new, "VectorBfloat16Narrow");

    /** Gates: for each value of the first operand a line in the second, with a division where the rule has one. */
    public static final KernelChoice<PairKernel<SlopeTable>> SLOPES =
            listed("gate", new ScalarPairs<>(), PairTrial::slopes, "VectorSlopes512", "StagedSlopes");

    /** Sums of two codes. */
    public static final KernelChoice<PairKernel<AffinePairTable>> SUMS =
            listed("add", new ScalarPairs<>(), PairTrial::sums, "VectorSums");

    /** Sums of two codes by fused operations. */
    public static final KernelChoice<PairKernel<FusedSumTable>> FUSED_SUMS =
            listed("add, fused", new ScalarPairs<>(), PairTrial::fusedSums, "VectorFusedSums");

    /** Sums of two codes in whole numbers. */
    public static final KernelChoice<PairKernel<WholeSumTable>> WHOLE_SUMS =
            listed("add, fixed point", new ScalarPairs<>(), PairTrial::wholeSums, "VectorWholeSums");

    /** Products of two codes. */
    public static final KernelChoice<PairKernel<AffinePairTable>> PRODUCTS =
            listed("multiply", new ScalarPairs<>(), PairTrial::products, "VectorProducts");

    /** Sums and products of two codes that fixed-point arithmetic rounds twice. */
    public static final KernelChoice<PairKernel<FinePairTable>> FINE_PAIRS =
            listed("add and multiply, rounded twice", new ScalarPairs<>(), PairTrial::finePairs, "VectorFinePairs512");

    /** The largest code of a block. */
    public static final KernelChoice<LargestKernel> LARGEST =
            listed("largest", new ScalarLargest(), LargestTrial::new, "VectorLargest512", "VectorLargest256");

    /** Sums of weights looked up by distance. */
    public static final KernelChoice<WeightKernel> WEIGHTS =
            listed("weights", new ScalarWeights(), WeightTrial::new, "VectorWeights512");

    /** Sums of squared values and errors. */
    public static final KernelChoice<ErrorKernel> ERRORS =
            listed("errors", new ScalarErrors(), ErrorTrial::new, "VectorErrors512", "VectorErrors256");

    /** Floats replaced by what a grid holds in their place. */
    public static final KernelChoice<FakeKernel> FAKE =
            ofLayers("fake quantize", new ScalarFake(), FakeTrial::new, "VectorFake");

    /** The gradient of that to its input. */
    public static final KernelChoice<PassKernel> PASS =
            ofLayers("fake quantize gradient", new ScalarPass(), PassTrial::new, "VectorPass");

    /** The same with the sums for scale and zero point. */
    public static final KernelChoice<StepKernel> STEP =
            ofLayers("step gradient", new ScalarStep(), StepTrial::new, "VectorStep512");

    /** Its parts, element by element. */
    public static final KernelChoice<LocalKernel> LOCAL =
            ofLayers("step gradient, parts", new ScalarLocal(), LocalTrial::new, "VectorLocal");

    /** All four, each element with a grid of its own. */
    public static final KernelChoice<RowKernel> FAKE_ROWS =
            ofLayers("fake quantize channels last", new ScalarRow(), RowTrial::new, "VectorRow");

    /** A tile of a product of matrices of codes. */
    public static final KernelChoice<TileKernel> TILE =
            ofLayers("matrix tile", new ScalarTile(), TileTrial::new, "VectorTile512");

    /** Sums to codes, each column with parameters of its own. */
    public static final KernelChoice<SumsKernel> SUMS_TO_CODES =
            ofLayers("sums by column", new ScalarSums(), SumsTrial::new, "VectorSums");

    private Kernels() {}

    /** All of them, in the order above. */
    public static List<KernelChoice<?>> all() {
        return Collections.unmodifiableList(ALL);
    }

    /**
     * All that quantizers, tables and observers call. The trials of the others leave the compiler with so many uses of
     * the same vector operations that it no longer keeps the vectors of these in registers: whoever does not train
     * must not have them run.
     */
    public static List<KernelChoice<?>> withoutLayers() {
        return ALL.stream().filter(choice -> !OF_LAYERS.contains(choice)).toList();
    }

    private static <K> KernelChoice<K> ofLayers(String name, K scalar, Supplier<Trial<K>> trial, String... candidates) {
        KernelChoice<K> choice = listed(name, scalar, trial, candidates);
        OF_LAYERS.add(choice);
        return choice;
    }

    /** A choice is only made here, so that none can be missing from the list. */
    private static <K> KernelChoice<K> listed(String name, K scalar, Supplier<Trial<K>> trial, String... candidates) {
        KernelChoice<K> choice = new KernelChoice<>(name, scalar, trial, candidates);
        ALL.add(choice);
        return choice;
    }
}
