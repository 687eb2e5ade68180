// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.CalibrationResult;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.SummaryEvaluator;
import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.calibration.run.TensorWork;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.QuietOption;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Scale and zero point of every tensor from a summary file. */
@Command(
        name = "ranges",
        description = {
            "Choose scale and zero point of every tensor from a summary file, without the data.",
            "The table is the one octant calibrate would have written with the same method, to the byte."
        })
public final class RangesCommand extends OctantCommand {
    @Parameters(paramLabel = "FILE.summary", description = "What octant calibrate --summary or octant merge wrote.")
    private Path file;

    @Mixin
    private TableChoice.OfSummaries table;

    @Mixin
    private TensorOptions chosen;

    @Mixin
    private ThreadsOption threads;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        threads.requireSound(quiet.progress(0));
        if (file.equals(InputFile.STANDARD_INPUT)) {
            file = nameOfStandardInput();
        }
        Outputs outputs = table.addTo(Outputs.of(file));
        outputs.requireApart();
        InputFile state = InputFile.of(file);
        List<String> names = new ArrayList<>();
        SortedMap<String, Seen> tensors = look(names);
        Calibration calibration = table.calibration(tensors.keySet());
        Validate.isTrue(
                !calibration.isOrdered(), "method must not depend on the order of the data, was %s", table.method());
        tensors.forEach((tensor, seen) -> calibration.requireSamples(tensor, seen.values(), seen.sampled()));
        if (table.evaluates(calibration)) {
            long needed = 0;
            for (Seen seen : tensors.values()) {
                needed += SummaryEvaluator.BYTES
                        + (seen.sampled() > 0 ? TensorSummary.BYTES : TensorSummary.VALUES_BYTES);
            }
            Heap.ofThisProcess().require(Numbers.counted(tensors.size(), "tensor"), needed);
        }
        PrintWriter out = quiet.text(outputs, line());
        TensorOptions.printUnused(chosen.choice().unusedSkips(names), out);
        Optional<Evaluation> evaluation = Optional.empty();
        CalibrationResult result;
        try (Progress progress = quiet.progress(0);
                SummaryFile.Reader reader = SummaryFile.open(file)) {
            TensorWork work = threads.work(progress, tensors.size());
            if (table.evaluates(calibration)) {
                Map<String, TensorSummary> summaries = new LinkedHashMap<>();
                while (reader.next()) {
                    if (tensors.containsKey(reader.name())) {
                        summaries.put(reader.name(), reader.summary());
                    }
                }
                state.requireUnchanged();
                Evaluation compared = calibration.evaluation(List.of(file.toString()), summaries, work);
                evaluation = Optional.of(compared);
                result = calibration.calibrate(compared, summaries, work);
            } else {
                result = calibration.calibrate(reader, chosen.choice(), work);
                state.requireUnchanged();
            }
        }
        chosen.require(result.leftOut());
        if (evaluation.isPresent()) {
            table.finish(calibration, result, evaluation.get(), List.of(), out, line());
        } else {
            table.finish(result, List.of(), out, line());
        }
        return 0;
    }

    /** The file that standard input is: it is read twice, and from its beginning. */
    private static Path nameOfStandardInput() throws IOException {
        InputFile.of(InputFile.STANDARD_INPUT);
        Path name = InputFile.STANDARD_INPUT.toRealPath();
        if (name.startsWith("/dev") || name.startsWith("/proc")) {
            throw new FormatException(
                    InputFile.STANDARD_INPUT + ": summary file must be given by its name, for it is read twice, was -");
        }
        return name;
    }

    /** What must be known of a tensor before its range is chosen: how many values it has, and in samples how many. */
    private record Seen(long values, long sampled) {}

    /** Reads what is known of the tensors that are wanted; the names of all come to {@code names}. */
    private SortedMap<String, Seen> look(List<String> names) throws IOException {
        TensorChoice choice = chosen.choice();
        SortedMap<String, Seen> tensors = new TreeMap<>();
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                names.add(reader.name());
                if (!choice.has(reader.name())) {
                    continue;
                }
                TensorSummary summary = reader.summary();
                tensors.put(
                        reader.name(),
                        new Seen(
                                summary.values().counts().count(),
                                summary.samples().values().count()));
            }
        }
        if (!names.isEmpty()) {
            choice.requireUsed(names);
            choice.requireLeft(names);
        }
        if (tensors.isEmpty()) {
            throw new FormatException(file + ": summary file must hold at least one tensor, had none");
        }
        return tensors;
    }
}
