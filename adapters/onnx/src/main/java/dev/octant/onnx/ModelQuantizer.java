// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.core.QuantScheme;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.BatchNormFolding;
import dev.octant.onnx.internal.graph.ConstantInputs;
import dev.octant.onnx.internal.graph.ConstantNodes;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.GeluFusion;
import dev.octant.onnx.internal.graph.GemmFolding;
import dev.octant.onnx.internal.graph.HalfWidening;
import dev.octant.onnx.internal.graph.IdentityRemoval;
import dev.octant.onnx.internal.graph.LayerNormFusion;
import dev.octant.onnx.internal.graph.NodeNames;
import dev.octant.onnx.internal.graph.NodeOrder;
import dev.octant.onnx.internal.graph.OwnBiases;
import dev.octant.onnx.internal.graph.QuantizedOps;
import dev.octant.onnx.internal.graph.ResizeAxes;
import dev.octant.onnx.internal.quantize.BiasCorrection;
import dev.octant.onnx.internal.quantize.FloatFallback;
import dev.octant.onnx.internal.quantize.Grids;
import dev.octant.onnx.internal.quantize.Int8Draft;
import dev.octant.onnx.internal.quantize.NodePlans;
import dev.octant.onnx.internal.quantize.PlacementRules;
import dev.octant.onnx.internal.quantize.Quantization;
import dev.octant.onnx.internal.run.AllOutputs;
import dev.octant.onnx.internal.run.Batches;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.internal.run.TrialRun;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.Accuracy.BiasShift;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes a float model an int8 one: weights become codes, and QuantizeLinear and DequantizeLinear stand around ops,
 * which ONNX Runtime fuses with them into int8 kernels.
 *
 * <pre>
 * OnnxModel model = OnnxModel.read(Path.of("model.onnx"));
 * ModelData data = ModelData.open(model.info().inputs(), List.of(Path.of("calib.npz")));
 * new ModelQuantizer(QuantizeSettings.CPU).quantize(model, data).write(Path.of("int8.onnx"));
 * </pre>
 *
 * <p>Which values become codes is the {@linkplain Target target}'s to say. {@link Target#ONNX_RUNTIME} places what
 * {@code quantize_static} of onnxruntime 1.30.0 places, with the same names, types, zero points, scales, weight and
 * bias codes. What is different from it, for all targets:
 *
 * <ul>
 *   <li>Gemm: {@code alpha} and {@code beta} are folded into constants, and a bias of shape (1, N) is one of shape (N).
 *       The tool loses {@code beta}.
 *   <li>float16: the model computes in float32 between its inputs and outputs, which stay as they are.
 *   <li>What the bodies of {@code If}, {@code Loop} and {@code Scan} read of the graph is counted as a reader, and
 *       nodes are in an order in which they can run.
 *   <li>A bias that does not have one value for each channel stays float.
 *   <li>A Clip vanishes only if its bounds are constants around 0, and not if its input or output has an override
 *       that goes beyond them. The tool removes any.
 *   <li>Resize with {@code axes} has scales, sizes and a region for all axes in place of them; where that is not
 *       possible it stays float, and so does AveragePool with {@code dilations}, and what reads them: ONNX Runtime
 *       fails on codes there.
 *   <li>A weight that two ops read along different axes has one scale, and so has one of MatMul that is no matrix.
 *   <li>Nodes of other domains than ONNX's stay float, whatever they are called.
 * </ul>
 *
 * <p>Memory: the model, its constants one at a time as floats, and while the data are read the activations of a batch
 * and a fixed number of bytes for each that becomes codes. Thread safe.
 */
public final class ModelQuantizer {
    private static final Set<OnnxType> FLOATS = Set.of(OnnxType.FLOAT16, OnnxType.FLOAT32, OnnxType.FLOAT64);
    private static final double LEAST_WIDTH_OF_QNN = 1e-4;
    private static final long LEAST_OPSET = 10;
    private static final long LEAST_OPSET_PER_CHANNEL = 13;

    private final QuantizeSettings settings;

    /** A quantizer with these settings. */
    public ModelQuantizer(QuantizeSettings settings) {
        this.settings = settings;
    }

    /**
     * The int8 model. The model given stays as it is. ONNX Runtime has loaded what is returned, and run it on the first
     * batch, but for a model of more than 256 MB, which that would take once more of the heap.
     *
     * @param data what activations are watched on; read once, and again for what else {@link QuantizeSettings#accuracy}
     *     asks for
     * @throws FormatException if the model is quantized already, of an opset below 10, or below 13 for scales per
     *     channel; if ONNX Runtime refuses it, or what is made of it; if nothing in it becomes int8; if an activation
     *     is NaN, or a constant not finite; if data are damaged; if an SQNR is asked for that no int8 model reaches on
     *     the data
     * @throws IllegalArgumentException if a node that is to stay float is not there, or a value that has an override
     *     does not become codes
     */
    public OnnxModel quantize(OnnxModel model, ModelData data) throws IOException {
        return quantize(model, data, data).model();
    }

    /**
     * The same from what was seen of the activations before, as {@link ModelActivations} shows them: without data, and
     * so with the biases that the model has.
     *
     * <p>Summaries that were made for another target do as well where they hold what this one asks for, and are refused
     * where not: preparation folds values away, and gives no value another meaning, so that the numbers of a name are
     * those of any target but for the rounding of a float.
     *
     * @param summaries of all activations that become codes, by name; of the same model
     * @throws FormatException as {@link #quantize(OnnxModel, ModelData)}; if an activation is missing
     * @throws IllegalArgumentException if an SQNR or biases moved one after the other are asked for, which need data
     */
    public QuantizedModel quantize(OnnxModel model, Map<String, HistogramSummary> summaries) throws IOException {
        Accuracy accuracy = settings.accuracy();
        if (accuracy.leastSqnrDb().isPresent() || accuracy.biases() == BiasShift.SEQUENTIAL) {
            throw new IllegalArgumentException(
                    "an SQNR to reach (--min-sqnr), and biases moved one after the other (--accurate), must have data"
                            + " to watch, beside the summaries perhaps: had summaries alone");
        }
        requireFloat(model);
        Seen seen = drafted(model, quantization -> quantization.take(summaries));
        return quantized(model, seen, Search.none(seen.draft()), reader -> {});
    }

    /** Tells a quantization of the activations. */
    @FunctionalInterface
    private interface Watching {
        void watch(Quantization quantization) throws IOException;
    }

    /**
     * The int8 model, and what was left in float.
     *
     * @param data what activations are watched on
     * @param test what the int8 model is compared with the float one on, where an SQNR is asked for
     * @throws FormatException as {@link #quantize(OnnxModel, ModelData)}
     * @throws IllegalArgumentException if a node that is to stay float is not there, or a value that has an override
     *     does not become codes
     */
    public QuantizedModel quantize(OnnxModel model, ModelData data, ModelData test) throws IOException {
        return quantize(model, quantization -> data.forEachBatch(quantization::observe), data, test);
    }

    /**
     * The same with ranges from what was seen of the activations before; data are read for what else {@link
     * QuantizeSettings#accuracy} asks for. On the data that were summed up, the model is the same to the byte.
     *
     * @param summaries as {@link #quantize(OnnxModel, Map)}
     */
    public QuantizedModel quantize(
            OnnxModel model, Map<String, HistogramSummary> summaries, ModelData data, ModelData test)
            throws IOException {
        return quantize(model, quantization -> quantization.take(summaries), data, test);
    }

    private QuantizedModel quantize(OnnxModel model, Watching watching, ModelData data, ModelData test)
            throws IOException {
        ExternalData external = model.external();
        Accuracy accuracy = settings.accuracy();
        requireFloat(model);
        Seen seen = drafted(model, watching);
        Int8Draft draft = seen.draft();
        Batches batches = data::read;
        if (accuracy.leastSqnrDb().isEmpty()) {
            Int8Draft moved = BiasCorrection.apply(draft, accuracy.biases(), batches);
            return quantized(model, seen, Search.none(moved), batches);
        }
        double least = accuracy.leastSqnrDb().getAsDouble();
        FloatFallback.Judge judge = int8 -> leastSqnr(model, new OnnxModel(int8, external), test);
        FloatFallback fallback = FloatFallback.reach(draft, accuracy.biases(), batches, judge, least);
        if (!fallback.isReached()) {
            throw new FormatException(String.format(
                    Locale.ROOT,
                    "%s: SQNR of the int8 model must reach %.2f dB, was %.2f dB at best, with all but its last"
                            + " activations left in float",
                    external.place(),
                    least,
                    fallback.bestDb()));
        }
        List<QuantizedModel.LeftFloat> leftFloat = fallback.steps().stream()
                .map(step -> new QuantizedModel.LeftFloat(step.value(), step.nodes(), step.sqnrDb()))
                .toList();
        return quantized(model, seen, new Search(fallback.draft(), leftFloat, fallback.putBack()), batches);
    }

    /** What is made of a model before its biases are moved, and what did not vary on the data. */
    private record Seen(Int8Draft draft, List<QuantizedModel.Constant> constants) {}

    /** The draft that is taken, with what the search for an SQNR has left in float and put back. */
    private record Search(Int8Draft draft, List<QuantizedModel.LeftFloat> leftFloat, List<String> putBack) {
        static Search none(Int8Draft draft) {
            return new Search(draft, List.of(), List.of());
        }
    }

    private static QuantizedModel quantized(OnnxModel model, Seen seen, Search search, Batches batches)
            throws IOException {
        Int8Draft draft = search.draft();
        OnnxModel int8 = new OnnxModel(draft.model(), model.external());
        TrialRun.require(int8.proto(), model.external(), batches);
        return new QuantizedModel(
                int8,
                draft.int8Nodes(),
                search.leftFloat(),
                search.putBack(),
                seen.constants(),
                NodePlans.of(model.proto().getGraph().getNodeList(), draft.graph(), draft.rules()));
    }

    /**
     * What would become of each node of a model, in its order. No data are needed for it.
     *
     * @throws FormatException if the model is quantized already, of too old an opset, or one that ONNX Runtime refuses
     * @throws IllegalArgumentException if a node that is to stay float is not there
     */
    public List<NodePlan> plan(OnnxModel model) throws IOException {
        requireFloat(model);
        ExternalData external = model.external();
        ModelProto prepared = prepared(model.proto(), external);
        try (Session session = Session.open(AllOutputs.of(prepared), external, Optimization.NONE, Threads.USUAL)) {
            FloatGraph graph = new FloatGraph(prepared, external, session.outputTypes(), session.arrays());
            return NodePlans.of(model.proto().getGraph().getNodeList(), graph, rules(graph, model));
        }
    }

    private Seen drafted(OnnxModel model, Watching watching) throws IOException {
        ExternalData external = model.external();
        ModelProto prepared = prepared(model.proto(), external);
        try (Session session = Session.open(AllOutputs.of(prepared), external, Optimization.NONE, Threads.USUAL)) {
            FloatGraph graph = new FloatGraph(prepared, external, session.outputTypes(), session.arrays());
            boolean isRevised = settings.accuracy().leastSqnrDb().isPresent();
            Quantization quantization = Quantization.place(graph, rules(graph, model), session, isRevised);
            if (quantization.isEmpty()) {
                throw new FormatException(
                        external.place() + ": model must have a node that becomes int8, had none: its ops are "
                                + String.join(", ", model.info().ops().keySet()));
            }
            watching.watch(quantization);
            Int8Draft draft = quantization.draft(
                    settings.ranges(),
                    settings.isByConsumer(),
                    new Grids(
                            settings.activationType(),
                            settings.activationScheme(),
                            settings.target() == Target.ONNX_RUNTIME,
                            settings.isReducedRange(),
                            settings.target() == Target.QNN ? LEAST_WIDTH_OF_QNN : 0,
                            settings.overrides()));
            List<QuantizedModel.Constant> constants = quantization.constants().entrySet().stream()
                    .map(constant -> new QuantizedModel.Constant(constant.getKey(), constant.getValue()))
                    .toList();
            return new Seen(draft, constants);
        }
    }

    /** Of the float outputs. */
    private static double leastSqnr(OnnxModel model, OnnxModel int8, ModelData test) throws IOException {
        Set<String> floats = new HashSet<>();
        for (ModelTensor output : model.info().outputs()) {
            if (output.type().filter(FLOATS::contains).isPresent()) {
                floats.add(output.name());
            }
        }
        double least = Double.POSITIVE_INFINITY;
        for (ModelComparison.Output output :
                ModelComparison.of(model, int8, test).outputs()) {
            if (floats.isEmpty() || floats.contains(output.name())) {
                if (Double.isNaN(output.sqnrDb())) {
                    throw new FormatException(model.external().place() + ": output " + VisibleText.of(output.name())
                            + " must be finite on the test data to have an SQNR, was NaN or infinite somewhere");
                }
                least = Math.min(least, output.sqnrDb());
            }
        }
        return least;
    }

    private void requireFloat(OnnxModel model) throws FormatException {
        boolean isPerChannel = settings.weights() == WeightScales.PER_CHANNEL;
        requireFloat(model, isPerChannel);
    }

    /** Refuses what is quantized already, and opsets that lack what is needed. */
    static void requireFloat(OnnxModel model, boolean isPerChannel) throws FormatException {
        Optional<String> quantized =
                model.info().ops().keySet().stream().filter(QuantizedOps::isOne).findFirst();
        if (quantized.isPresent()) {
            throw new FormatException(model.external().place() + ": model must be float, was quantized already: it has "
                    + quantized.get());
        }
        long opset = Domains.opset(model.proto());
        if (opset < LEAST_OPSET) {
            throw new FormatException(model.external().place() + ": opset of the model must be " + LEAST_OPSET
                    + " or later, was " + opset);
        }
        if (isPerChannel && opset < LEAST_OPSET_PER_CHANNEL) {
            throw new FormatException(model.external().place() + ": opset of the model must be "
                    + LEAST_OPSET_PER_CHANNEL + " or later for weights per-channel (" + LEAST_OPSET
                    + " for per-tensor), was " + opset);
        }
    }

    private ModelProto prepared(ModelProto model, ExternalData external) throws IOException {
        ModelProto prepared = prepared(model, external, settings.target());
        return settings.accuracy().biases() == BiasShift.NONE ? prepared : OwnBiases.apply(prepared);
    }

    /** The model with constants folded as the target has it: what is run to watch activations. */
    static ModelProto prepared(ModelProto model, ExternalData external, Target target) throws IOException {
        // The tool takes what a Constant node holds for an activation, and folds nothing.
        boolean isTool = target == Target.ONNX_RUNTIME;
        ModelProto constant = ConstantInputs.removed(isTool ? model : ConstantNodes.removed(model));
        GraphProto graph = constant.getGraph();
        ModelProto sorted = constant.toBuilder()
                .setGraph(graph.toBuilder().clearNode().addAllNode(NodeOrder.sorted(graph.getNodeList())))
                .build();
        ModelProto direct = isTool ? sorted : IdentityRemoval.apply(sorted);
        ModelProto folded = GemmFolding.apply(HalfWidening.apply(direct, external), external);
        ModelProto whole = isTool ? folded : BatchNormFolding.apply(folded, external);
        ModelProto resized = ResizeAxes.removed(whole);
        return target == Target.QNN
                ? NodeNames.given(LayerNormFusion.apply(GeluFusion.apply(resized, external), external))
                : resized;
    }

    private PlacementRules rules(FloatGraph graph, OnnxModel model) {
        Set<String> floatNodes = new HashSet<>(PlacementRules.behindGaps(graph));
        floatNodes.addAll(PlacementRules.scalesOfResize(graph));
        floatNodes.addAll(NodeNames.find(graph.nodes(), model.proto().getGraph().getNodeList(), settings.floatNodes()));
        return new PlacementRules(
                settings.target(),
                settings.activationScheme() == QuantScheme.SYMMETRIC,
                settings.weights() == WeightScales.PER_CHANNEL,
                settings.accuracy().isSigmoidFloat(),
                settings.isExact(),
                settings.overrides(),
                floatNodes);
    }
}
