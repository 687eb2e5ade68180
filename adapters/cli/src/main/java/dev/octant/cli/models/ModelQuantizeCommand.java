// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.methods.Method;
import dev.octant.calibration.methods.MethodKind;
import dev.octant.calibration.methods.MethodName;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.cli.ranges.MethodWords;
import dev.octant.cli.report.Tried;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.VisibleText;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.onnx.ModelComparison;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.ModelEvaluation;
import dev.octant.onnx.ModelQuantizer;
import dev.octant.onnx.ModelSpeed;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.QuantizeSettings;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.QuantizedModel;
import dev.octant.onnx.QuantizedModel.LeftFloat;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A float model becomes an int8 one. */
@Command(
        name = "quantize",
        description = {
            "Write a float model as int8: weights as codes, and QuantizeLinear and DequantizeLinear around the ops that"
                    + " ONNX Runtime fuses with them.",
            "The activations are watched on --data, all of it, once; --test says what it costs on other data.",
            "Without MODEL.onnx it runs on a small bundled model and writes octant-int8.onnx and octant-int8.html."
        },
        footer = {"", "Example: octant model quantize model.onnx --data calib.npz -o int8.onnx --test test.npz"})
final class ModelQuantizeCommand extends OctantCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "MODEL.onnx", description = "The float model.")
    private Path file;

    @Mixin
    private DataOptions data;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "OUT.onnx",
            description = "The int8 model; OUT.onnx.data beside it where constants that do not become codes"
                    + " lie outside of the model.")
    private Path output;

    @Option(
            names = "--target",
            paramLabel = "T",
            description =
                    "What becomes int8: cpu or arm64, what int8 kernels of ONNX Runtime run there; tensorrt or qnn,"
                            + " what these fuse; onnxruntime, as quantize_static of its Python tool does. Default:"
                            + " cpu.")
    private Target target = Target.CPU;

    @Option(
            names = "--summary",
            paramLabel = "FILE.summary",
            description =
                    "What model calibrate has seen of the activations for the same target, in place of --data. Biases"
                            + " then stay as they are; with --data beside it they are moved as that says.")
    private Path summary;

    @Option(
            names = "--test",
            paramLabel = "FILE",
            arity = "1..*",
            description = "Other data, on which the int8 model is compared with the float one.")
    private List<Path> test = new ArrayList<>();

    @Option(
            names = "--type",
            paramLabel = "T",
            description = "Codes of activations: uint8 or int8. Default: uint8, and int8 for arm64 and tensorrt.")
    private QuantType type;

    @Option(
            names = "--scheme",
            paramLabel = "S",
            description = "Zero point of activations: asymmetric or symmetric. Default: asymmetric, and symmetric for"
                    + " tensorrt.")
    private QuantScheme scheme;

    @Option(
            names = "--weights",
            paramLabel = "W",
            description = "Scales of a weight: per-tensor or per-channel. Default: per-channel, and per-tensor for"
                    + " onnxruntime.")
    private WeightScales weights;

    @Option(
            names = "--reduce-range",
            description = "Give weights the codes -64 to 64 only, for CPUs with AVX2 and without VNNI, which overflow"
                    + " on others.")
    private boolean isReducedRange;

    @Option(
            names = "--method",
            paramLabel = "M",
            completionCandidates = MethodWords.OfModel.class,
            description = "How ranges of activations are chosen: minmax, mse, entropy, percentile=99.99 and the others"
                    + " of octant calibrate that need neither samples nor an order of the data; consumer: of least"
                    + " error behind the function that alone reads an activation, mse elsewhere."
                    + " Default: consumer, and minmax for onnxruntime.")
    private MethodName method;

    @Option(
            names = "--keep-float",
            paramLabel = "NODE",
            arity = "1..*",
            description = "Nodes that stay float: by name or first output, by op, as Softmax, or by a pattern of names"
                    + " with * and ?.")
    private List<String> floatNodes = new ArrayList<>();

    @Option(
            names = "--tensor",
            paramLabel = "NAME=HOW",
            arity = "1..*",
            description = "Values with a range of their own, LO,HI, or a zero point of their own, symmetric or"
                    + " asymmetric. A weight with a range has one scale.")
    private List<TensorWord> tensors = new ArrayList<>();

    @Option(
            names = "--exact-activations",
            description =
                    "Make every activation function a table of 256 codes, with the same bits on every CPU; without"
                            + " it only those that are faster so. For cpu and arm64.")
    private boolean isExact;

    @Option(
            names = "--accurate",
            description = "Do what makes the model more accurate: biases are moved one op after the other, with a pass"
                    + " over the data for each; SiLU behind a Conv stays float.")
    private boolean isAccurate;

    @Option(
            names = "--min-sqnr",
            paramLabel = "DB",
            description = "Leave in float what costs most until each output has this SQNR, on --test, or on --data"
                    + " without it; refused where nothing is left to leave.")
    private Double leastSqnr;

    @Mixin
    private ModelReportOptions reports;

    @Mixin
    private QuietOption quiet;

    /** What the model is called in the report. */
    private String name;

    @Override
    public Integer call() throws IOException {
        QuantizeSettings settings = settings();
        if (file == null) {
            return bundled(settings);
        }
        if (output == null) {
            throw new IllegalArgumentException("-o must be given, was missing");
        }
        name = StandardStreams.shown(file);
        OnnxModel model = OnnxModel.read(file);
        Optional<ModelData> rows = summary == null || data.isGiven() ? Optional.of(data.open(model)) : Optional.empty();
        // Opened before the work: what is wrong with it is said at once.
        Optional<ModelData> others = test.isEmpty() ? Optional.empty() : Optional.of(data.open(model, test));
        quantize(settings, model, rows, others);
        return 0;
    }

    private int bundled(QuantizeSettings settings) throws IOException {
        if (data.isGiven() || summary != null || !test.isEmpty()) {
            throw new IllegalArgumentException(
                    "MODEL.onnx must be given with --data, --summary or --test, was missing");
        }
        output = output == null ? BundledModel.OUTPUT : output;
        reports.reportTo(output.resolveSibling(BundledModel.REPORT));
        name = BundledModel.TITLE;
        try (BundledModel bundled = BundledModel.unpack()) {
            file = bundled.model();
            OnnxModel model = OnnxModel.read(file);
            quantize(
                    settings,
                    model,
                    Optional.of(data.open(model, List.of(bundled.calibration()))),
                    Optional.of(data.open(model, List.of(bundled.test()))));
        }
        return 0;
    }

    /** From data, or where there are none from the summary. */
    private void quantize(
            QuantizeSettings settings, OnnxModel model, Optional<ModelData> rows, Optional<ModelData> others)
            throws IOException {
        List<Path> inputs = new ArrayList<>();
        rows.ifPresent(read -> inputs.addAll(read.files()));
        others.ifPresent(read -> inputs.addAll(read.files()));
        if (summary != null) {
            inputs.add(summary);
        }
        if (reports.isGiven() && others.isEmpty() && rows.isEmpty()) {
            throw new IllegalArgumentException("--report and --json must have --test or --data, were without");
        }
        Outputs outputs = reports.addTo(Outputs.of(ModelFiles.all(file, model, inputs)))
                .andFile("-o", output)
                .andFile("the model's data", model.dataFile(output).orElse(null));
        outputs.requireApart();
        ModelQuantizer quantizer = new ModelQuantizer(settings);
        QuantizedModel quantized = quantized(quantizer, model, rows, others);
        List<LeftFloat> leftFloat = quantized.leftFloat();
        quantized.model().write(output);
        if (!quantized.constants().isEmpty()) {
            say(ConstantText.of(quantized.constants()));
        }
        OnnxModel int8 = OnnxModel.read(output);
        PrintWriter out = quiet.text(outputs, line());
        if (name.equals(BundledModel.TITLE)) {
            out.println(name);
        }
        out.printf(
                Locale.ROOT,
                "%s: %,d bytes of constants, %,d in the float model; watched on %s%n",
                VisibleText.of(output),
                int8.info().parameterBytes(),
                model.info().parameterBytes(),
                summary == null
                        ? Numbers.counted(rows.orElseThrow().rows(), "row")
                        : StandardStreams.shown(summary) + (rows.isPresent() ? "" : ", biases as they were"));
        leftFloat.forEach(left -> out.println("left in float: " + text(left, VisibleText::of)));
        if (!quantized.putBack().isEmpty()) {
            out.println("int8 all the same, for the SQNR holds with it: " + shown(quantized.putBack()));
        }
        OnnxModel nothingLeft = int8;
        if (!leftFloat.isEmpty()) {
            nothingLeft = withNothingLeft(settings, model, rows.orElseThrow());
            ModelSpeed.measure(nothingLeft, int8, others.or(() -> rows).orElseThrow())
                    .forEach(speed -> out.printf(
                            Locale.ROOT,
                            "with what is left in float it runs %.2f times as fast as without, at %s%n",
                            speed.ratio(),
                            Numbers.counted(speed.rows(), "row")));
        }
        if (reports.isGiven()) {
            ModelEvaluation evaluation = ModelEvaluation.of(
                            model, int8, others.or(() -> rows).orElseThrow())
                    .withReasons(quantized.nodes());
            ComparisonText.print(evaluation.comparison(), out);
            SpeedText.print(evaluation.speeds(), "float", out);
            List<Tried> tried = rows.isEmpty()
                    ? List.of()
                    : OtherSettings.tried(
                            settings,
                            model,
                            nothingLeft,
                            rows.get(),
                            others.or(() -> rows).orElseThrow());
            reports.write(facts(settings, quantized), evaluation, tried, out);
        } else if (others.isPresent()) {
            ComparisonText.print(ModelComparison.of(model, int8, others.get()), out);
            SpeedText.print(ModelSpeed.measure(model, int8, others.get()), "float", out);
        } else {
            out.println("not compared with the float model: --test FILE or octant model compare says what it costs");
        }
        out.flush();
    }

    private QuantizedModel quantized(
            ModelQuantizer quantizer, OnnxModel model, Optional<ModelData> rows, Optional<ModelData> others)
            throws IOException {
        if (rows.isEmpty()) {
            return quantizer.quantize(model, ModelSummaries.read(summary));
        }
        ModelData judged = others.or(() -> rows).orElseThrow();
        return summary == null
                ? quantizer.quantize(model, rows.get(), judged)
                : quantizer.quantize(model, ModelSummaries.read(summary), rows.get(), judged);
    }

    private static String shown(List<String> names) {
        return names.stream().map(VisibleText::name).collect(Collectors.joining(", "));
    }

    /** The model in which everything is int8 that can be, whatever the SQNR. */
    private OnnxModel withNothingLeft(QuantizeSettings settings, OnnxModel model, ModelData rows) throws IOException {
        ModelQuantizer quantizer =
                new ModelQuantizer(settings.withAccuracy(settings.accuracy().withoutLeastSqnr()));
        return summary == null
                ? quantizer.quantize(model, rows)
                : quantizer
                        .quantize(model, ModelSummaries.read(summary), rows, rows)
                        .model();
    }

    /** What was left in float and why, in words. */
    private static String text(LeftFloat left, UnaryOperator<String> shown) {
        return String.format(
                Locale.ROOT,
                "%s, for it %s; SQNR then %.2f dB",
                shown.apply(left.value()),
                shown.apply(String.join(" ", left.nodes())),
                left.sqnrDb());
    }

    /** What the report says of the way here. */
    private Map<String, String> facts(QuantizeSettings settings, QuantizedModel quantized) {
        List<LeftFloat> leftFloat = quantized.leftFloat();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("model", name);
        facts.put("int8 model", VisibleText.of(output));
        facts.put("target", settings.target().label());
        facts.put(
                "activations",
                settings.activationType().label() + " "
                        + settings.activationScheme().label());
        facts.put(
                "weights", "int8, " + (settings.weights() == WeightScales.PER_CHANNEL ? "per channel" : "per tensor"));
        facts.put("biases", settings.accuracy().biases().name().toLowerCase(Locale.ROOT));
        for (int i = 0; i < leftFloat.size(); i++) {
            facts.put("left in float, " + (i + 1), text(leftFloat.get(i), UnaryOperator.identity()));
        }
        if (!quantized.putBack().isEmpty()) {
            facts.put("left in float first, then int8", shown(quantized.putBack()));
        }
        if (!quantized.constants().isEmpty()) {
            facts.put("did not vary", ConstantText.of(quantized.constants()));
        }
        return facts;
    }

    private Accuracy accuracy(Accuracy usual) {
        Accuracy accuracy = isAccurate ? Accuracy.HIGH : usual;
        return leastSqnr == null ? accuracy : accuracy.withLeastSqnr(leastSqnr);
    }

    private QuantizeSettings settings() {
        QuantizeSettings usual = QuantizeSettings.of(target);
        QuantType codes = type == null ? usual.activationType() : type;
        QuantScheme zeros = scheme == null ? usual.activationScheme() : scheme;
        QuantizeSettings settings = usual.withActivations(codes, zeros)
                .withWeights(weights == null ? usual.weights() : weights)
                .withReducedRange(isReducedRange)
                .withExactActivations(isExact)
                .withAccuracy(accuracy(usual.accuracy()))
                .withOverrides(TensorWord.overrides(tensors))
                .withFloatNodes(Set.copyOf(floatNodes));
        if (method == null) {
            return settings;
        }
        if (method.kind() == MethodKind.CONSUMER) {
            return settings.withRangesByConsumer(new MeanSquaredError(codes, zeros));
        }
        ParameterRule rule = new ParameterRule(codes, zeros, ParameterPolicy.ONNX_RUNTIME);
        if (method.method(rule, Optional.empty()) instanceof Method.OfHistogram found) {
            return settings.withRanges(found.estimator());
        }
        throw new IllegalArgumentException(
                "--method: method must be one that needs neither samples nor the order of the data, was " + method);
    }
}
