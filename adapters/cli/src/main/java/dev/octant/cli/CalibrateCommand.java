package dev.octant.cli;

import dev.octant.cli.evaluate.Method;
import dev.octant.cli.evaluate.SharedObservers;
import dev.octant.cli.evaluate.SummaryEvaluator;
import dev.octant.cli.evaluate.TensorObserver;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.pipeline.CalibrationRun;
import dev.octant.pipeline.Heap;
import dev.octant.pipeline.RunOutcome;
import dev.octant.pipeline.RunSettings;
import dev.octant.pipeline.SummaryFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Learns scale and zero point of every tensor. */
@Command(
        name = "calibrate",
        description = {
            "Learn scale and zero point of every tensor from recorded activations.",
            "Data may be larger than memory. Ctrl-C leaves a checkpoint, and the same command goes on from it."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Octant.Version.class)
final class CalibrateCommand implements Callable<Integer> {
    /** Exit code of a run that was told to stop, as shells give it for Ctrl-C. */
    private static final int STOPPED = 130;

    /** Objects around the arrays of an observer, its name and its row of the table. */
    private static final long OBJECT_BYTES = 4 << 10;

    @Parameters(
            paramLabel = "INPUT",
            arity = "1..*",
            description =
                    "Files of tensors (.npy, .npz, .safetensors, .parquet, .csv, .tsv), or folders of them. Tensors of"
                            + " one name are one tensor.")
    private List<Path> inputs;

    @Mixin
    private TableChoice table;

    @Mixin
    private RunOptions options;

    @Spec
    private CommandSpec spec;

    /** For people. */
    private PrintWriter text;

    @Override
    public Integer call() throws IOException {
        options.requireSound();
        Outputs outputs = table.addTo(Outputs.ofTensors(inputs)).and("--summary", options.summary());
        options.addCheckpointTo(outputs, table.output());
        outputs.requireApart();
        text = outputs.text(spec.commandLine());
        List<TensorFile> files = open();
        SortedSet<String> tensors = new TreeSet<>();
        files.forEach(file -> file.parts().forEach(part -> tensors.addAll(part.tensors())));
        Validate.isTrue(!tensors.isEmpty(), "%s: input must hold at least one tensor, had none", inputs.get(0));
        Optional<SummaryCalibration> calibration = table.calibration(tensors);
        if (calibration.isPresent()) {
            TensorInputs.requireSamples(files, calibration.get().methods(tensors));
        }
        return calibration.isPresent() ? run(files, tensors, calibration.get()) : inOrder(tensors);
    }

    private List<TensorFile> open() throws IOException {
        List<TensorFile> files = new ArrayList<>();
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                TensorFile file = TensorFiles.open(path);
                for (TensorPart part : file.parts()) {
                    if (part.values() == 0) {
                        throw new FormatException(path + ": tensor " + String.join(", ", part.tensors())
                                + " must have at least one value, was without any");
                    }
                }
                files.add(file);
            }
        }
        return files;
    }

    @SuppressWarnings("try") // the interruption only has to be there
    private int run(List<TensorFile> files, SortedSet<String> tensors, SummaryCalibration calibration)
            throws IOException {
        RunSettings settings = options.settings(calibration, calibration.isOfSamples(tensors));
        Optional<Path> place = options.checkpoint(table.output());
        if (place.isPresent() && options.isFresh()) {
            CalibrationRun.discard(place.get());
        }
        long later = table.evaluates(calibration) ? tensors.size() * SummaryEvaluator.BYTES : 0;
        CalibrationRun run = place.isPresent()
                ? CalibrationRun.withCheckpoint(files, settings, place.get(), options.every(), later)
                : CalibrationRun.of(files, settings, later);
        options.sayIfFewer(run, this::say);
        if (run.isResumed()) {
            say(String.format(
                    Locale.ROOT,
                    "going on from %s, %.0f%% done",
                    place.get(),
                    100 * run.progress().share()));
        }
        try (Interruption interruption = Interruption.calling(run::stop)) {
            RunOutcome outcome = watched(run);
            if (outcome.end() == RunOutcome.End.STOPPED) {
                sayHowToGoOn(outcome, place);
                return STOPPED;
            }
            try {
                write(outcome, calibration);
            } catch (IOException | RuntimeException | Error e) {
                keepCheckpoint(run, e);
                throw e;
            }
            run.discardCheckpoint();
            return 0;
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

    private RunOutcome watched(CalibrationRun run) throws IOException {
        try (Progress progress = new Progress(0)) {
            progress.beginWith(run.progress());
            if (progress.isShown()) {
                run.watched(progress::show);
            }
            return run.withLossTo(loss -> say("checkpoint could not be written, the run goes on: " + loss.getMessage()))
                    .run();
        }
    }

    private void write(RunOutcome outcome, SummaryCalibration calibration) throws IOException {
        if (options.summary() != null) {
            SummaryFile.write(options.summary(), outcome.tensors());
        }
        table.finish(
                calibration,
                inputs.stream().map(Path::toString).toList(),
                outcome.tensors(),
                text,
                spec.commandLine().getColorScheme());
        if (options.summary() != null) {
            text.println("Summaries: " + VisibleText.of(options.summary()));
        }
        if (outcome.end() == RunOutcome.End.STABLE) {
            text.println(Character.toUpperCase(outcome.reason().charAt(0))
                    + outcome.reason().substring(1) + ".");
        }
        text.flush();
    }

    private void sayHowToGoOn(RunOutcome outcome, Optional<Path> place) {
        String how = place.isEmpty()
                ? "nothing is kept without -o, --summary or --checkpoint"
                : outcome.isSaved()
                        ? "the same command goes on from " + place.get()
                        : "its checkpoint could not be written to " + place.get();
        say(outcome.reason() + "; " + how);
    }

    private void say(String sentence) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(spec.qualifiedName() + ": " + VisibleText.whole(sentence));
        err.flush();
    }

    /** By a method that depends on the order of the data: one thread, nothing to merge or to go on from. */
    private int inOrder(SortedSet<String> tensors) throws IOException {
        Validate.isTrue(
                options.given().isEmpty(),
                "method must not depend on the order of the data with %s, was %s",
                String.join(" and ", options.given()),
                table.method());
        TensorInputs ordered = TensorInputs.open(inputs);
        Method method =
                Methods.one(table.method(), table.rule(), table.ops(tensors).of(tensors.first()));
        Heap heap = Heap.ofThisProcess();
        long needed = TensorInputs.READ_BYTES
                + SharedObservers.BYTES
                + tensors.size() * (TensorObserver.bytes(List.of(method)) + OBJECT_BYTES);
        ordered.requireRoom(List.of(method), 1, needed, heap);
        ordered.count();
        ordered.requireRoom(List.of(method), 1, needed, heap);
        OrderedCalibration calibration = new OrderedCalibration(method, table.rule(), ordered.tensors());
        try (Progress progress = new Progress(ordered.totalSize())) {
            ordered.stream(progress, calibration);
        }
        table.finish(calibration.table(), text);
        return 0;
    }
}
