// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.CalibrationResult;
import dev.octant.calibration.NothingCalibratedException;
import dev.octant.calibration.OrderedCalibration;
import dev.octant.calibration.evaluation.Evaluation;
import dev.octant.calibration.evaluation.SummaryEvaluator;
import dev.octant.calibration.methods.MethodNeeds;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.calibration.run.TensorWork;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Learns scale and zero point of every tensor. */
@Command(
        name = "calibrate",
        description = {
            "Learn scale and zero point of every tensor from recorded activations.",
            "Values are float32: a float64 is rounded to the nearest first, beyond the largest to an infinity.",
            "Data may be larger than memory. Ctrl-C leaves a checkpoint, and the same command goes on from it."
        })
public final class CalibrateCommand extends OctantCommand {
    @Parameters(
            paramLabel = "INPUT",
            arity = "1..*",
            description =
                    "Files of tensors (.npy, .npz, .safetensors, .parquet, .csv, .tsv), or folders of them. Tensors of"
                            + " one name are one tensor; --name-from says which part of a name it is.")
    private List<Path> inputs;

    @Mixin
    private TableChoice.OfData table;

    @Mixin
    private InputOptions input;

    @Mixin
    private RunOptions options;

    @Mixin
    private QuietOption quiet;

    /** For people. */
    private PrintWriter text;

    @Override
    public Integer call() throws IOException {
        options.requireSound();
        input.requireNoTable(options.keepsSamples());
        Outputs outputs = table.addTo(Outputs.ofTensors(inputs)).and("--summary", options.summary());
        options.addCheckpointTo(outputs, table.output());
        outputs.requireApart();
        text = quiet.text(outputs, line());
        TensorInputs data = input.open(inputs);
        input.print(data, text);
        SortedSet<String> tensors = new TreeSet<>(data.tensors());
        Calibration calibration = table.calibration(tensors);
        if (calibration.isOrdered()) {
            return inOrder(data, calibration);
        }
        MethodNeeds.requireSamples(data.files(), calibration.methods(tensors));
        return run(data, calibration);
    }

    private int run(TensorInputs data, Calibration calibration) throws IOException {
        long later = table.evaluates(calibration) ? data.tensors().size() * SummaryEvaluator.BYTES : 0;
        return options.kept()
                .run(
                        data.files(),
                        options.settings(calibration, calibration.isOfSamples()),
                        later,
                        options.besideOf(table.output()),
                        this::say,
                        () -> quiet.progress(0),
                        outcome -> write(outcome, calibration, data));
    }

    private void write(RunOutcome outcome, Calibration calibration, TensorInputs data) throws IOException {
        if (options.summary() != null) {
            SummaryFile.write(options.summary(), outcome.tensors());
        }
        choose(outcome.tensors(), calibration, data);
        if (options.summary() != null) {
            text.println("Summaries: " + StandardStreams.shown(options.summary()));
        }
        if (options.stopsEarly()) {
            text.println(Character.toUpperCase(outcome.reason().charAt(0))
                    + outcome.reason().substring(1) + ".");
        }
        text.flush();
    }

    private void choose(Map<String, TensorSummary> summaries, Calibration calibration, TensorInputs data)
            throws IOException {
        Optional<Evaluation> evaluation = Optional.empty();
        CalibrationResult result;
        try (Progress progress = quiet.progress(0)) {
            TensorWork work = options.work(progress, summaries.size());
            if (table.evaluates(calibration)) {
                List<String> titles = inputs.stream().map(StandardStreams::name).toList();
                Evaluation compared = calibration.evaluation(titles, summaries, work);
                evaluation = Optional.of(compared);
                result = calibration.calibrate(compared, summaries, work);
            } else {
                result = calibration.calibrate(summaries, work);
            }
        } catch (NothingCalibratedException e) {
            throw e.after(data.leftOut());
        }
        input.require(result.leftOut());
        if (evaluation.isPresent()) {
            table.finish(calibration, result, evaluation.get(), data.leftOut(), text, line());
        } else {
            table.finish(result, data.leftOut(), text, line());
        }
    }

    /** By a method that depends on the order of the data: one thread, nothing to merge or to go on from. */
    private int inOrder(TensorInputs data, Calibration calibration) throws IOException {
        Validate.isTrue(
                options.given().isEmpty(),
                "method must not depend on the order of the data with %s, was %s",
                String.join(" and ", options.given()),
                table.method());
        OrderedCalibration ordered = calibration.ordered(data);
        CalibrationResult calibrated;
        try (Progress progress = quiet.progress(ordered.values())) {
            calibrated = ordered.run(progress::advance);
        }
        input.require(calibrated.leftOut());
        table.finish(calibrated, data.leftOut(), text, line());
        return 0;
    }
}
