// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RangeChoice;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.TensorWork;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.observers.estimators.RangeStability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Stack;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.IParameterPreprocessor;
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

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Parts read at a time, at most " + RunSettings.MOST_THREADS
                    + "; the outcome is the same for any. Default: the processors, at most 4.")
    private Integer threads;

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

    @Option(
            names = "--checkpoint",
            converter = TextConverters.Output.class,
            paramLabel = "FILE",
            description =
                    "Where an interrupted run leaves what it has; the next run goes on from it. Default: beside -o or"
                            + " --summary, with .checkpoint after the name.")
    private Path checkpoint;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Time between two checkpoints. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--fresh", description = "Start anew, whatever checkpoint there is.")
    private boolean fresh;

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
        every();
        settings((tensor, summary) -> summary.values().range(), false);
    }

    /** The choosing of ranges for so many tensors, once the data were read. */
    TensorWork work(Progress progress, int tensors) {
        return ThreadsOption.work(threads, progress, tensors);
    }

    /** Where the summaries go, or null. */
    Path summary() {
        return summary;
    }

    /** Says that a run has fewer threads than were asked for, if memory is the reason. */
    void sayIfFewer(CalibrationRun run, Consumer<String> say) {
        if (threads != null && run.isShortOfMemory()) {
            say.accept("memory has room for " + Numbers.counted(run.threads(), "thread") + " of the " + threads
                    + " asked for; the outcome is the same");
        }
    }

    /** Whether the run may end before the data do: then it says why it ended. */
    boolean stopsEarly() {
        return untilStable != null;
    }

    boolean isFresh() {
        return fresh;
    }

    /** Time between two checkpoints. */
    Duration every() {
        Validate.isTrue(
                seconds >= 0 && seconds <= 1e6,
                "seconds between checkpoints must be within 0..1000000, was %s",
                seconds);
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /** Where the checkpoint goes: as asked, or beside the first output that is a file, or nowhere. */
    Optional<Path> checkpoint(Path table) throws FormatException {
        if (checkpoint != null) {
            return Optional.of(checkpoint);
        }
        Path beside = table != null ? table : summary;
        if (beside == null || !Destination.of(beside).isFile()) {
            return Optional.empty();
        }
        return Optional.of(beside.resolveSibling(beside.getFileName() + ".checkpoint"));
    }

    /** Tells where the checkpoint will be written; one that nobody named is said to be one. */
    void addCheckpointTo(Outputs outputs, Path table) throws FormatException {
        Path place = checkpoint(table).orElse(null);
        try {
            outputs.andFile("--checkpoint", place);
        } catch (FormatException e) {
            if (checkpoint != null) {
                throw e;
            }
            throw new FormatException(
                    e.getMessage() + "; that is the checkpoint beside " + (table != null ? "-o" : "--summary")
                            + ", which --checkpoint puts elsewhere",
                    e);
        }
    }

    /** What the run is asked for. */
    RunSettings settings(RangeChoice choice, boolean needsSamples) {
        RunSettings usual = RunSettings.of(choice);
        return new RunSettings(
                threads == null ? usual.threads() : threads, samples || needsSamples, choice, stability());
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
        if (threads != null) {
            given.add("--threads");
        }
        if (untilStable != null) {
            given.add("--until-stable");
        }
        if (checkpoint != null) {
            given.add("--checkpoint");
        }
        return given;
    }
}
