package dev.octant.cli;

import dev.octant.formats.CalibrationFile;
import dev.octant.observers.CalibrationTable;
import dev.octant.observers.Calibrator;
import dev.octant.observers.RangeEstimator;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
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
            description = "minmax, percentile=99.99, entropy or mse. Default: ${DEFAULT-VALUE}.")
    private String method;

    @Mixin
    private GridOptions grid;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table.json",
            description = "Write the calibration table as JSON, with exact float bits.")
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        RangeEstimator estimator = Methods.parse(method, grid.type, grid.scheme);
        TensorInputs tensors = TensorInputs.open(inputs);
        Calibrator calibrator = new Calibrator();
        try (Progress progress = new Progress(tensors.totalSize())) {
            tensors.stream(progress, (name, block, n) -> calibrator.observe(name, block, 0, n));
        }
        CalibrationTable table = calibrator.table(estimator, grid.type, grid.scheme);
        PrintWriter out = spec.commandLine().getOut();
        print(table, out);
        if (output != null) {
            new CalibrationFile("octant " + Octant.Version.text(), Optional.of(grid.scheme), table).write(output);
            out.println("Calibration table: " + output);
        }
        out.flush();
        return 0;
    }

    private static void print(CalibrationTable table, PrintWriter out) {
        int width =
                table.entries().keySet().stream().mapToInt(String::length).max().orElse(0);
        String row = "%-" + Math.max(width, 6) + "s %12s %12s %15s %6s %14s%n";
        out.printf(Locale.ROOT, row, "tensor", "min", "max", "scale", "zero", "values");
        table.entries()
                .forEach((name, entry) -> out.printf(
                        Locale.ROOT,
                        row,
                        name,
                        String.format(Locale.ROOT, "%.6g", entry.range().min()),
                        String.format(Locale.ROOT, "%.6g", entry.range().max()),
                        entry.params().scale(),
                        entry.params().zeroPoint(),
                        String.format(Locale.ROOT, "%,d", entry.values().count())));
    }
}
