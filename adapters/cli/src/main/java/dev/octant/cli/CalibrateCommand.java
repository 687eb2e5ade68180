package dev.octant.cli;

import dev.octant.cli.evaluate.Evaluation;
import dev.octant.cli.evaluate.ParameterRule;
import dev.octant.formats.CalibrationFile;
import dev.octant.observers.CalibrationTable;
import dev.octant.observers.Calibrator;
import dev.octant.observers.HistogramSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns scale and zero point of every tensor. */
@Command(
        name = "calibrate",
        description = "Learn scale and zero point of every tensor from recorded activations.",
        mixinStandardHelpOptions = true,
        versionProvider = Octant.Version.class)
final class CalibrateCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "INPUT",
            arity = "1..*",
            description = ".npy or .npz files, or folders of them. Arrays of one name are one tensor.")
    private List<Path> inputs;

    @Option(
            names = "--method",
            paramLabel = "M",
            defaultValue = "minmax",
            completionCandidates = Methods.Candidates.class,
            description = "One of those below. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Mixin
    private OpOption ops;

    @Mixin
    private GridOptions grid;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table.json",
            description = "Write the calibration table as JSON, with exact float bits.")
    private Path output;

    @Mixin
    private ReportOptions reports;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        ParameterRule rule = grid.rule();
        TensorInputs tensors = TensorInputs.open(inputs);
        PrintWriter out = spec.commandLine().getOut();
        OpChoice choice = ops.choice(tensors.sizes().keySet(), List.of());
        Optional<SummaryCalibration> calibration =
                SummaryCalibration.of(method, rule, choice, tensors.sizes().keySet());
        CalibrationTable table = calibration.isPresent()
                ? fromHistograms(calibration.get(), tensors, out)
                : inOrder(rule, choice, tensors);
        print(table, out);
        if (output != null) {
            new CalibrationFile("octant " + Octant.Version.text(), Optional.of(rule.scheme()), table).write(output);
            out.println("Calibration table: " + output);
        }
        out.flush();
        return 0;
    }

    private CalibrationTable fromHistograms(SummaryCalibration calibration, TensorInputs tensors, PrintWriter out)
            throws IOException {
        Calibrator calibrator = new Calibrator();
        try (Progress progress = new Progress(tensors.totalSize())) {
            tensors.stream(progress, (name, block, n) -> calibrator.observe(name, block, 0, n));
        }
        Map<String, HistogramSummary> summaries = calibrator.summaries();
        if (!calibration.isBest() && !reports.isGiven()) {
            return calibration.table(summaries);
        }
        Evaluation evaluation =
                calibration.evaluation(inputs.stream().map(Path::toString).toList(), summaries);
        if (calibration.isBest()) {
            EvaluationText.print(evaluation, out, spec.commandLine().getColorScheme());
        }
        reports.write(evaluation, out);
        return calibration.table(evaluation);
    }

    private CalibrationTable inOrder(ParameterRule rule, OpChoice choice, TensorInputs tensors) throws IOException {
        Validate.isTrue(!reports.isGiven(), "method of a report or figures must be one of a histogram, was %s", method);
        String any = tensors.sizes().keySet().iterator().next();
        OrderedCalibration calibration = new OrderedCalibration(Methods.one(method, rule, choice.of(any)), rule);
        try (Progress progress = new Progress(tensors.totalSize())) {
            tensors.stream(progress, calibration);
        }
        return calibration.table();
    }

    private static void print(CalibrationTable table, PrintWriter out) {
        int width =
                table.entries().keySet().stream().mapToInt(String::length).max().orElse(0);
        String row = "%-" + Math.max(width, 6) + "s %12s %12s %15s %6s %14s  %s%n";
        out.printf(Locale.ROOT, row, "tensor", "min", "max", "scale", "zero", "values", "method");
        table.entries()
                .forEach((name, entry) -> out.printf(
                        Locale.ROOT,
                        row,
                        name,
                        String.format(Locale.ROOT, "%.6g", entry.range().min()),
                        String.format(Locale.ROOT, "%.6g", entry.range().max()),
                        entry.params().scale(),
                        entry.params().zeroPoint(),
                        String.format(Locale.ROOT, "%,d", entry.values().count()),
                        entry.method()));
    }
}
