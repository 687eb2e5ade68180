package dev.octant.cli;

import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.EvaluationRoom;
import dev.octant.cli.evaluate.Evidence;
import dev.octant.cli.evaluate.Method;
import dev.octant.cli.evaluate.ParameterRule;
import dev.octant.cli.evaluate.TensorEvaluator;
import dev.octant.cli.evaluate.TensorResult;
import dev.octant.formats.FormatException;
import dev.octant.ops.Activation;
import dev.octant.pipeline.Heap;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
            description =
                    "Files of tensors (.npy, .npz, .safetensors, .parquet, .csv, .tsv), or folders of them. Tensors of"
                            + " one name are one tensor.")
    private List<Path> inputs = List.of();

    @Mixin
    private OpOption ops;

    @Option(
            names = "--method",
            paramLabel = "M",
            // The comma in fixed=-6,6 is none between methods.
            split = ",(?=\\s*[A-Za-z])",
            defaultValue = Methods.ALL,
            completionCandidates = Methods.Candidates.class,
            description = "One or several with commas, of those below. Default: ${DEFAULT-VALUE}.")
    private List<String> methods;

    @Mixin
    private GridOptions grid;

    @Mixin
    private ProfileOption profile;

    @Mixin
    private ReportOptions reports;

    @Spec
    private CommandSpec spec;

    /** For people. */
    private PrintWriter text;

    @Override
    public Integer call() throws IOException {
        if (!inputs.isEmpty()) {
            requireApart(Outputs.ofTensors(inputs));
            evaluate(inputs, List.of(), inputs.stream().map(Path::toString).toList());
            return 0;
        }
        reports.reportTo(Path.of("octant-report.html"));
        requireApart(Outputs.of());
        try (BundledDigits digits = BundledDigits.unpack()) {
            evaluate(List.of(digits.file()), BundledDigits.OPS, List.of(BundledDigits.TITLE));
        }
        return 0;
    }

    private void requireApart(Outputs outputs) throws FormatException {
        reports.addTo(outputs);
        outputs.requireApart();
        text = outputs.text(spec.commandLine());
    }

    private void evaluate(List<Path> files, List<String> usualOps, List<String> titles) throws IOException {
        ParameterRule rule = grid.rule();
        TensorInputs tensors = TensorInputs.open(files);
        OpChoice choice = ops.choice(tensors.tensors(), usualOps);
        Map<String, TensorEvaluator> evaluators = evaluators(tensors, choice, rule);
        try (Progress progress = new Progress(2 * tensors.totalSize())) {
            tensors.stream(progress, new FirstPass(evaluators));
            evaluators.values().forEach(TensorEvaluator::choose);
            tensors.stream(progress, (name, block, n) -> evaluators.get(name).measure(block, n));
        }
        List<TensorResult> results =
                evaluators.values().stream().map(TensorEvaluator::result).toList();
        Evaluation evaluation = new Evaluation(titles, rule, profile.profile(), Evidence.MEASURED, results);
        EvaluationText.print(evaluation, text, spec.commandLine().getColorScheme());
        reports.write(evaluation, text);
    }

    /** An evaluator for each tensor, unless it can be told from what was asked, and how much, that it will not work. */
    private Map<String, TensorEvaluator> evaluators(TensorInputs tensors, OpChoice choice, ParameterRule rule)
            throws IOException {
        long needed = TensorInputs.READ_BYTES + EvaluationRoom.BYTES;
        int batches = 0;
        List<Method> all = List.of();
        Map<String, List<Method>> byTensor = new LinkedHashMap<>();
        for (String name : tensors.tensors()) {
            Activation op = choice.of(name);
            List<Method> chosen = Methods.parse(methods, rule, op);
            Named.at(name + ": ", () -> TensorEvaluator.requireArithmetic(op, rule, profile.profile()));
            needed += TensorEvaluator.bytes(op, chosen, rule);
            batches = Math.max(batches, TensorEvaluator.batches(op, rule));
            byTensor.put(name, chosen);
            // Of which kind the methods are does not depend on the tensor.
            all = chosen;
        }
        TensorInputs.requireSamples(tensors.files(), all);
        Heap heap = Heap.ofThisProcess();
        tensors.requireRoom(all, batches, needed, heap);
        tensors.count();
        tensors.requireRoom(all, batches, needed, heap);
        EvaluationRoom room = new EvaluationRoom();
        Map<String, TensorEvaluator> evaluators = new LinkedHashMap<>();
        byTensor.forEach((name, chosen) -> evaluators.put(
                name, new TensorEvaluator(name, choice.of(name), chosen, rule, profile.profile(), room)));
        return evaluators;
    }

    private record FirstPass(Map<String, TensorEvaluator> evaluators) implements TensorInputs.Visitor {
        @Override
        public void begin(String tensor, long sampleLength) {
            evaluators.get(tensor).begin(sampleLength);
        }

        @Override
        public void visit(String tensor, float[] block, int length) {
            evaluators.get(tensor).observe(block, length);
        }

        @Override
        public void end(String tensor) {
            evaluators.get(tensor).end();
        }
    }
}
