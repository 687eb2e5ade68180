package dev.octant.cli;

import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.TensorEvaluator;
import dev.octant.cli.evaluate.TensorResult;
import dev.octant.cli.report.HtmlReport;
import dev.octant.formats.AtomicFile;
import dev.octant.observers.RangeEstimator;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures what every calibration method costs on real activations. */
@Command(
        name = "evaluate",
        description = {
            "Compare calibration methods on recorded activations: which range is best, and what int8 costs.",
            "Without INPUT it runs on bundled activations of a small digit classifier and writes octant-report.html."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Octant.Version.class)
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "INPUT",
            arity = "0..*",
            description = ".npy or .npz files, or folders of them. Arrays of one name are one tensor.")
    private List<Path> inputs = List.of();

    @Option(
            names = "--op",
            paramLabel = "[TENSOR=]OP",
            description = "The op that reads the tensors, or one of them: silu, leaky_relu(0.1). Default: identity.")
    private List<String> ops = List.of();

    @Option(
            names = "--method",
            paramLabel = "M",
            split = ",",
            defaultValue = "all",
            description =
                    "minmax, percentile=99.99, entropy, mse, several with commas, or all. Default: ${DEFAULT-VALUE}.")
    private List<String> methods;

    @Mixin
    private GridOptions grid;

    @Mixin
    private ProfileOption profile;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON.")
    private Path json;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Write a report with pictures as one HTML file.")
    private Path report;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (!inputs.isEmpty()) {
            evaluate(inputs, ops, inputs.stream().map(Path::toString).toList(), report);
            return 0;
        }
        try (BundledDigits digits = BundledDigits.unpack()) {
            evaluate(
                    List.of(digits.file()),
                    ops.isEmpty() ? BundledDigits.OPS : ops,
                    List.of(BundledDigits.TITLE),
                    report == null ? Path.of("octant-report.html") : report);
        }
        return 0;
    }

    private void evaluate(List<Path> files, List<String> opWords, List<String> titles, Path reportFile)
            throws IOException {
        List<RangeEstimator> estimators = Methods.parse(methods, grid.type, grid.scheme);
        TensorInputs tensors = TensorInputs.open(files);
        OpChoice choice = OpChoice.parse(opWords, tensors.sizes().keySet());
        Map<String, TensorEvaluator> evaluators = new LinkedHashMap<>();
        tensors.sizes()
                .keySet()
                .forEach(name -> evaluators.put(
                        name, new TensorEvaluator(name, choice.of(name), profile.profile(), TensorInputs.BLOCK)));
        try (Progress progress = new Progress(2 * tensors.totalSize())) {
            tensors.stream(progress, (name, block, n) -> evaluators.get(name).observe(block, n));
            evaluators.values().forEach(e -> e.choose(estimators, grid.type, grid.scheme));
            tensors.stream(progress, (name, block, n) -> evaluators.get(name).measure(block, n));
        }
        List<TensorResult> results = new ArrayList<>();
        evaluators.values().forEach(e -> results.add(e.result()));
        Evaluation evaluation = new Evaluation(titles, grid.type, grid.scheme, profile.profile(), results);

        PrintWriter out = spec.commandLine().getOut();
        EvaluationText.print(evaluation, out, spec.commandLine().getColorScheme());
        // A file that cannot be written must not cost the other.
        try {
            if (json != null) {
                AtomicFile.write(json, stream -> stream.write(EvaluationJson.bytes(evaluation)));
                out.println("Figures: " + json);
            }
        } finally {
            if (reportFile != null) {
                AtomicFile.write(reportFile, stream -> {
                    Writer writer = new OutputStreamWriter(stream, StandardCharsets.UTF_8);
                    HtmlReport.write(evaluation, writer);
                    writer.flush();
                });
                out.println("Report with pictures: " + reportFile);
            }
            out.flush();
        }
    }
}
