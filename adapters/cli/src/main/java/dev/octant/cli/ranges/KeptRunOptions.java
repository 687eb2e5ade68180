// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunOutcome;
import dev.octant.calibration.run.RunSettings;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Option;

/** On how many threads data are read, and what an interrupted run leaves. */
public final class KeptRunOptions {
    /** Exit code of a run that was told to stop, as shells give it for Ctrl-C. */
    private static final int STOPPED = 130;

    @Option(
            names = "--threads",
            converter = TextConverters.Threads.class,
            paramLabel = "N",
            description = "Parts read at a time, at most " + RunSettings.MOST_THREADS
                    + "; the outcome is the same for any. Default: the processors, at most 4.")
    private Integer threads;

    @Option(
            names = "--checkpoint",
            converter = TextConverters.Output.class,
            paramLabel = "FILE",
            description =
                    "Where an interrupted run leaves what it has; the next run goes on from it. Default: beside the"
                            + " calibration table or summary that is written, with .checkpoint after its name.")
    private Path checkpoint;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Time between two checkpoints. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--fresh", description = "Start anew, whatever checkpoint there is.")
    private boolean fresh;

    /** How many threads were asked for; empty for as many as usual. */
    public Optional<Integer> threads() {
        return Optional.ofNullable(threads);
    }

    /** Whether a place for the checkpoint was asked for. */
    boolean isCheckpointGiven() {
        return checkpoint != null;
    }

    /** Time between two checkpoints. */
    public Duration every() {
        Validate.isTrue(
                seconds >= 0 && seconds <= 1e6,
                "seconds between checkpoints must be within 0..1000000, was %s",
                seconds);
        return Duration.ofNanos((long) (seconds * 1e9));
    }

    /**
     * Where the checkpoint goes: as asked, or beside an output that is a file, or nowhere.
     *
     * @param beside null where there is no output
     */
    private Optional<Path> place(Path beside) throws FormatException {
        if (checkpoint != null) {
            return Optional.of(checkpoint);
        }
        if (beside == null || !Destination.of(beside).isFile()) {
            return Optional.empty();
        }
        return Optional.of(beside.resolveSibling(beside.getFileName() + ".checkpoint"));
    }

    /**
     * Tells where the checkpoint will be written; one that nobody named is said to be one.
     *
     * @param beside the output that it is beside where nothing else is asked for, or null
     * @param option which asks for that
     */
    public void addTo(Outputs outputs, Path beside, String option) throws FormatException {
        Path place = place(beside).orElse(null);
        try {
            outputs.andFile("--checkpoint", place);
        } catch (FormatException e) {
            if (checkpoint != null) {
                throw e;
            }
            throw new FormatException(
                    e.getMessage() + "; that is the checkpoint beside " + option
                            + ", which --checkpoint puts elsewhere",
                    e);
        }
    }

    /** What is done with what was observed. */
    @FunctionalInterface
    public interface Then {
        void accept(RunOutcome outcome) throws IOException;
    }

    /**
     * Reads all data, or goes on where a run before was interrupted; then what was observed is made safe, and the
     * checkpoint deleted.
     *
     * @param later bytes held beside the outcome once the data are read
     * @param beside as {@link #addTo}
     * @param say receives sentences on the run itself
     * @param progress how far the reading is
     * @return the exit code
     */
    @SuppressWarnings("try") // the interruption only has to be there
    public int run(
            List<TensorFile> files,
            RunSettings settings,
            long later,
            Path beside,
            Consumer<String> say,
            Supplier<Progress> progress,
            Then then)
            throws IOException {
        Optional<Path> place = place(beside);
        if (place.isPresent() && fresh) {
            CalibrationRun.discard(place.get());
        }
        CalibrationRun run = place.isPresent()
                ? CalibrationRun.withCheckpoint(files, settings, place.get(), every(), later)
                : CalibrationRun.of(files, settings, later);
        sayIfFewer(run, say);
        run.replaced().ifPresent(reason -> say.accept("starting anew, in place of a run that failed: " + reason));
        if (run.isResumed()) {
            say.accept(String.format(
                    Locale.ROOT,
                    "going on from %s, %.0f%% done",
                    place.get(),
                    100 * run.progress().share()));
        }
        try (Interruption interruption = Interruption.calling(run::stop)) {
            RunOutcome outcome = watched(run, say, progress);
            if (outcome.end() == RunOutcome.End.STOPPED) {
                sayHowToGoOn(outcome, place, say);
                return STOPPED;
            }
            try {
                then.accept(outcome);
            } catch (IOException | RuntimeException | Error e) {
                keepCheckpoint(run, e);
                throw e;
            }
            run.discardCheckpoint();
            return 0;
        }
    }

    /** Says that a run has fewer threads than were asked for, if memory is the reason. */
    private void sayIfFewer(CalibrationRun run, Consumer<String> say) {
        if (threads != null && run.isShortOfMemory()) {
            say.accept("memory has room for " + Numbers.counted(run.threads(), "thread") + " of the " + threads
                    + " asked for; the outcome is the same");
        }
    }

    /** Whatever has happened, also where it is memory that has run out. */
    private static void keepCheckpoint(CalibrationRun run, Throwable failed) {
        try {
            run.keepCheckpoint();
        } catch (RuntimeException | Error e) {
            failed.addSuppressed(e);
        }
    }

    private static RunOutcome watched(CalibrationRun run, Consumer<String> say, Supplier<Progress> shown)
            throws IOException {
        try (Progress progress = shown.get()) {
            progress.beginWith(run.progress());
            if (progress.isShown()) {
                run.watched(progress::show);
            }
            return run.withLossTo(loss ->
                            say.accept("checkpoint could not be written, the run goes on: " + loss.getMessage()))
                    .run();
        }
    }

    private static void sayHowToGoOn(RunOutcome outcome, Optional<Path> place, Consumer<String> say) {
        String how = place.isEmpty()
                ? "nothing is kept without a table, summary or checkpoint in a file"
                : outcome.isSaved()
                        ? "the same command goes on from " + place.get()
                        : "its checkpoint could not be written to " + place.get();
        say.accept(outcome.reason() + "; " + how);
    }
}
