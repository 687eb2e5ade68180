// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.RangeChoice;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.TensorWork;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.observers.estimators.RangeStability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How {@code calibrate} goes through the data. */
final class RunOptions {
    @Option(
            names = "--summary",
            converter = TextConverters.Output.class,
            paramLabel = "FILE.summary",
            description = "Keep what was observed, for octant merge and octant ranges." + Outputs.HELP)
    private Path summary;

    @Mixin
    private KeptRunOptions kept;

    @Option(
            names = "--samples",
            description = "Keep the extremes of samples of less than " + RunSettings.SHORT_SAMPLE
                    + " values too, for the methods mean and median. Longer ones always are.")
    private boolean samples;

    @Option(
            names = "--until-stable",
            paramLabel = "FRACTION,ROUNDS",
            arity = "0..1",
            preprocessor = OptionalNumbers.class,
            description =
                    "Stop when no range has moved by more than FRACTION of a step within ROUNDS rounds of at least a"
                            + " million values of each tensor. Default: 0.1,3.")
    private String untilStable;

    /** Takes the next word only if it looks like numbers, or follows an equals sign: else it may be an input. */
    static final class OptionalNumbers implements IParameterPreprocessor {
        @Override
        public boolean preprocess(
                Stack<String> words, CommandSpec command, ArgSpec option, Map<String, Object> information) {
            boolean isAttached = "=".equals(information.get("separator"));
            boolean isOurs = !words.isEmpty() && (isAttached || words.peek().matches("[-+.,0-9eE]+"));
            option.setValue(isOurs ? words.pop() : "0.1,3");
            return true;
        }
    }

    /** Refuses numbers that no run can have, before anything is looked at. */
    void requireSound() {
        kept.every();
        settings((tensor, summary) -> summary.values().range(), false);
    }

    /** The choosing of ranges for so many tensors, once the data were read. */
    TensorWork work(Progress progress, int tensors) {
        return ThreadsOption.work(kept.threads().orElse(null), progress, tensors);
    }

    /** Where the summaries go, or null. */
    Path summary() {
        return summary;
    }

    /** Whether the extremes of short samples are asked for. */
    boolean keepsSamples() {
        return samples;
    }

    /** How the run is kept. */
    KeptRunOptions kept() {
        return kept;
    }

    /** Whether the run may end before the data do: then it says why it ended. */
    boolean stopsEarly() {
        return untilStable != null;
    }

    /** What the checkpoint is beside where nothing else is asked for: the table, or the summaries. */
    Path besideOf(Path table) {
        return table != null ? table : summary;
    }

    /** Tells where the checkpoint will be written. */
    void addCheckpointTo(Outputs outputs, Path table) throws FormatException {
        kept.addTo(outputs, besideOf(table), table != null ? "-o" : "--summary");
    }

    /** What the run is asked for. */
    RunSettings settings(RangeChoice choice, boolean needsSamples) {
        RunSettings usual = RunSettings.of(choice);
        return new RunSettings(kept.threads().orElse(usual.threads()), samples || needsSamples, choice, stability());
    }

    private Optional<RangeStability> stability() {
        if (untilStable == null) {
            return Optional.empty();
        }
        String[] numbers = untilStable.split(",", -1);
        Validate.isTrue(numbers.length == 2, "until-stable must be FRACTION,ROUNDS, as 0.1,3, was '%s'", untilStable);
        return Optional.of(new RangeStability(
                Numbers.real("fraction of until-stable", numbers[0]),
                Numbers.whole("rounds of until-stable", numbers[1])));
    }

    /** The options given that only a run over summaries knows. */
    List<String> given() {
        List<String> given = new ArrayList<>();
        if (summary != null) {
            given.add("--summary");
        }
        if (kept.threads().isPresent()) {
            given.add("--threads");
        }
        if (untilStable != null) {
            given.add("--until-stable");
        }
        if (kept.isCheckpointGiven()) {
            given.add("--checkpoint");
        }
        return given;
    }
}
