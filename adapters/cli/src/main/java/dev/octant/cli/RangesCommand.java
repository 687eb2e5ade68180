package dev.octant.cli;

import dev.octant.formats.FormatException;
import dev.octant.observers.CalibrationTable;
import dev.octant.pipeline.SummaryFile;
import dev.octant.pipeline.TensorSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Scale and zero point of every tensor from a summary file. */
@Command(
        name = "ranges",
        description = {
            "Choose scale and zero point of every tensor from a summary file, without the data.",
            "The table is the one octant calibrate would have written with the same method, to the byte."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Octant.Version.class)
final class RangesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.summary", description = "What octant calibrate --summary or octant merge wrote.")
    private Path file;

    @Mixin
    private TableChoice table;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        table.addTo(Outputs.of(file)).requireApart();
        SortedSet<String> tensors = names();
        SummaryCalibration calibration = table.calibration(tensors)
                .orElseThrow(() -> new IllegalArgumentException(
                        "method must not depend on the order of the data, was " + table.method()));
        PrintWriter out = spec.commandLine().getOut();
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            if (calibration.isBest() || table.reports().isGiven()) {
                Map<String, TensorSummary> summaries = new LinkedHashMap<>();
                while (reader.next()) {
                    summaries.put(reader.name(), reader.summary());
                }
                table.finish(
                        calibration,
                        List.of(file.toString()),
                        summaries,
                        out,
                        spec.commandLine().getColorScheme());
            } else {
                // One summary at a time: memory does not grow with their number.
                Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
                while (reader.next()) {
                    entries.put(reader.name(), calibration.entry(reader.name(), reader.summary()));
                }
                table.finish(CalibrationTable.of(entries), out);
            }
        }
        return 0;
    }

    private SortedSet<String> names() throws IOException {
        SortedSet<String> names = new TreeSet<>();
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                names.add(reader.name());
            }
        }
        if (names.isEmpty()) {
            throw new FormatException(file + ": summary file must hold at least one tensor, had none");
        }
        return names;
    }
}
