// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;

/**
 * Reads all values of all files once, on several threads, and sums them up by tensor.
 *
 * <p>The outcome is a function of the rows of each tensor, the entries of the first dimension: the same bytes for any
 * number of threads, any order of the files and cut of them between rows, and any interruptions. An array of one
 * dimension is one row, and a sample: cut in two it is two, which changes the extremes of {@linkplain
 * TensorSummary#samples samples} and nothing else. With {@link RunSettings#untilStable} it is a function of the files
 * and their order: work is done in rounds that end where the files say, and only there it is judged.
 *
 * <p>Memory of arrays in bytes is {@code tensors * TensorSummary.BYTES + threads * (observers + 2 *
 * TensorSummary.BYTES)}, see {@link #bytes}, beside what a {@link TensorFile} takes to read a part; it does not grow
 * with the data, nor with the product of threads and tensors. A run that does not fit into the {@link Heap} is
 * refused before it reads; where only the threads asked for do not fit, there are fewer, see {@link #threads}.
 *
 * <p>With a checkpoint file, the state is written every few seconds, when the run is stopped and at its end; a run
 * that finds such a file goes on from it, however ranges will be chosen of what was observed. One of other data, names
 * or samples is refused in one sentence, as a damaged one is, unless its run has failed: then it is {@linkplain
 * #replaced given up}. A write that fails costs nothing but the newer checkpoint: the one before stays whole, and the
 * run goes on. The caller deletes it, with {@link #discardCheckpoint}, when what follows is safe.
 *
 * <p>One thread calls {@link #run}, once; any may call {@link #stop}. Interrupting the thread that runs, or one that
 * reads, is as {@link #stop}: the checkpoint is written, the outcome is {@link RunOutcome.End#STOPPED}, and a thread
 * that was in {@code run} is interrupted still when that returns.
 */
public final class CalibrationRun {
    private static final long TICK_MILLIS = 200;

    /** How long a tick may spend on ranges that are only shown. */
    private static final long SETTLING_NANOS = 5_000_000;

    /** What reading a part takes of the heap at the most, beside its {@link Worker}: blocks, and what unpacks them. */
    private static final long READ_BYTES = 1 << 20;

    /** The same of a part with several tensors, whose values are kept by tensor until there are enough. */
    private static final long READ_MANY_BYTES = 6 << 20;

    /** Objects around the arrays of a summary, its name, its ranges, its row of a table. */
    private static final long TENSOR_BYTES = 4096;

    /** What is known of a part. */
    private static final long PART_BYTES = 512;

    private final Work work;
    private final int threads;
    private final boolean isShortOfMemory;
    private final long heldBytes;
    private final RunSettings settings;
    private final RangeHistory history;
    private final Checkpoint checkpoint;
    private final Collected collected;
    private final boolean isResumed;
    private final Optional<String> replaced;
    private final long everyNanos;

    private Consumer<RunProgress> watcher;
    private Consumer<IOException> lossWatcher = loss -> {};
    private volatile boolean stopped;
    private final AtomicBoolean hasBegun = new AtomicBoolean();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private List<Worker> workers = List.of();
    private long start;
    private long lastSaved;
    private boolean isSaved;
    private boolean isLossTold;
    private int nextToSettle;

    private CalibrationRun(
            List<TensorFile> files, RunSettings settings, Path place, Duration every, long later, Heap heap)
            throws IOException {
        this.settings = settings;
        work = settings.untilStable().isPresent() ? Work.inRounds(files) : Work.inOrder(files);
        Validate.isTrue(later >= 0, "bytes held later must be at least 0, was %s", later);
        heldBytes = Heap.sum(heldBytes(work, settings), later);
        int wanted = Math.min(settings.threads(), mostUseful());
        threads = threadsIn(heap, wanted);
        isShortOfMemory = threads < wanted;
        everyNanos = nanos(every);
        checkpoint = place == null
                ? null
                : new Checkpoint(place, settings.text(), Uninterrupted.call(() -> identities(files)), work);
        RangeHistory known = newHistory();
        Optional<Checkpoint.Found> found =
                checkpoint != null && checkpoint.exists() ? Optional.of(checkpoint.find(known)) : Optional.empty();
        Optional<Snapshot> snapshot = found.flatMap(Checkpoint.Found::snapshot);
        isResumed = snapshot.isPresent();
        replaced = isResumed ? Optional.empty() : found.map(Checkpoint.Found::reason);
        history = isResumed ? known : newHistory();
        collected = new Collected(work, snapshot.orElseGet(() -> Snapshot.start(work)));
    }

    /** The longest there is, of 292 years, for all that is longer. */
    private static long nanos(Duration every) {
        return every.compareTo(Duration.ofNanos(Long.MAX_VALUE)) < 0
                ? every.isNegative() ? 0 : every.toNanos()
                : Long.MAX_VALUE;
    }

    private RangeHistory newHistory() {
        return new RangeHistory(settings.untilStable().orElseGet(RangeStability::new));
    }

    private static List<FileIdentity> identities(List<TensorFile> files) throws IOException {
        List<FileIdentity> data = new ArrayList<>();
        for (TensorFile file : files) {
            data.add(FileIdentity.of(file.path(), file.reading()));
        }
        return data;
    }

    /** More threads than these have nothing to do: each reads a part, or takes the range of a tensor. */
    private int mostUseful() {
        return settings.untilStable().isPresent()
                ? Math.max(work.widestRound(), work.tensors().size())
                : work.widestRound();
    }

    /** As many threads as are wanted and fit. */
    private int threadsIn(Heap heap, int wanted) {
        long perThread = Worker.BYTES + readBytes();
        int tensors = work.tensors().size();
        heap.require(Numbers.counted(tensors, "tensor"), Heap.sum(heldBytes, perThread));
        return (int) Math.min(wanted, (heap.free() - heldBytes) / perThread);
    }

    private static long heldBytes(Work work, RunSettings settings) {
        Set<String> withSamples = new HashSet<>();
        for (int number = 0; number < work.size(); number++) {
            if (settings.keepsSamples(work.part(number))) {
                withSamples.addAll(work.part(number).tensors());
            }
        }
        long all = work.tensors().size();
        return all * (TensorSummary.VALUES_BYTES + TENSOR_BYTES)
                + (long) withSamples.size() * (TensorSummary.BYTES - TensorSummary.VALUES_BYTES)
                + work.size() * PART_BYTES;
    }

    private long readBytes() {
        for (int number = 0; number < work.size(); number++) {
            if (work.part(number).tensors().size() > 1) {
                return READ_MANY_BYTES;
            }
        }
        return READ_BYTES;
    }

    /**
     * A run that keeps no checkpoint.
     *
     * @throws IllegalArgumentException if the files hold no tensor, or one with a name that is blank or longer than
     *     65,535 bytes
     * @throws HeapTooSmallException if the heap of this process is too small for so many tensors, whatever the threads
     */
    public static CalibrationRun of(List<TensorFile> files, RunSettings settings) throws IOException {
        return of(files, settings, 0);
    }

    /**
     * The same where more is held once the data are read: that it will not fit is known before, too.
     *
     * @param later bytes that the caller will hold beside the outcome, at least 0
     */
    public static CalibrationRun of(List<TensorFile> files, RunSettings settings, long later) throws IOException {
        Given.require("files", files);
        Given.require("settings", settings);
        return new CalibrationRun(files, settings, null, Duration.ZERO, later, Heap.ofThisProcess());
    }

    /** The same in a heap of another size. */
    static CalibrationRun of(List<TensorFile> files, RunSettings settings, Heap heap) throws IOException {
        return new CalibrationRun(files, settings, null, Duration.ZERO, 0, heap);
    }

    /**
     * A run that keeps a checkpoint, and goes on from it if there is one.
     *
     * @param place the checkpoint file
     * @param every how long to work between two checkpoints; zero or less for as often as possible
     * @throws FormatException if the checkpoint is damaged, or belongs to other data or settings and a run that has not
     *     failed, or an input is not an ordinary file
     * @throws IllegalArgumentException as {@link #of}
     * @throws HeapTooSmallException as {@link #of}
     */
    public static CalibrationRun withCheckpoint(
            List<TensorFile> files, RunSettings settings, Path place, Duration every) throws IOException {
        return withCheckpoint(files, settings, place, every, 0);
    }

    /**
     * The same where more is held once the data are read, as {@link #of(List, RunSettings, long)} has it.
     *
     * @param later bytes that the caller will hold beside the outcome, at least 0
     */
    public static CalibrationRun withCheckpoint(
            List<TensorFile> files, RunSettings settings, Path place, Duration every, long later) throws IOException {
        Given.require("files", files);
        Given.require("settings", settings);
        Given.require("every", every);
        Validate.notNull(place, "place of the checkpoint must be given, was null");
        return new CalibrationRun(files, settings, place, every, later, Heap.ofThisProcess());
    }

    /** Memory of a run's arrays in bytes, of usual data as {@link TensorSummary#BYTES}, beside what reading takes. */
    public static long bytes(int tensors, int threads) {
        return (long) tensors * TensorSummary.BYTES + (long) threads * Worker.BYTES;
    }

    /** Deletes a checkpoint so that a run starts anew; a file that is no checkpoint is refused. */
    public static void discard(Path place) throws IOException {
        Given.require("place", place);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && !Checkpoint.isOurs(place)) {
            throw new FormatException(place + ": checkpoint must begin with OCTC to be deleted, was another file");
        }
        Files.deleteIfExists(place);
    }

    /** Has the progress told several times a second, on the thread that runs. */
    public CalibrationRun watched(Consumer<RunProgress> by) {
        Given.require("by", by);
        watcher = by;
        return this;
    }

    /** Has it told, once, that a checkpoint could not be written. */
    public CalibrationRun withLossTo(Consumer<IOException> to) {
        Given.require("to", to);
        lossWatcher = to;
        return this;
    }

    /**
     * On how many threads it reads: those of the settings, but no more than there are parts or the heap has room for.
     * The operating system may give fewer still.
     */
    public int threads() {
        return threads;
    }

    /** Whether there would be more threads if the heap had room for them. */
    public boolean isShortOfMemory() {
        return isShortOfMemory;
    }

    /**
     * The bytes of memory that it holds until its outcome is given up, however many threads read, with what the caller
     * will hold beside it.
     */
    public long heldBytes() {
        return heldBytes;
    }

    /** Whether this run goes on from a checkpoint. */
    public boolean isResumed() {
        return isResumed;
    }

    /**
     * Why the checkpoint that was found is not gone on from, but will be replaced: what it does not agree with. Empty
     * where there was none, or it is gone on from.
     */
    public Optional<String> replaced() {
        return replaced;
    }

    /** How far the run is. */
    public RunProgress progress() {
        return collected.progress(history.settled());
    }

    /** Ends the run soon: each thread finishes its block, and the checkpoint is written. Thread safe. */
    public void stop() {
        stopped = true;
    }

    /**
     * Writes the checkpoint once more after the run, where that has one: what follows did not work. A later run goes on
     * from it if that is of the same data, and takes its place if not.
     *
     * @return whether a checkpoint of the run's last state is on disk
     */
    public boolean keepCheckpoint() {
        boolean wasSaved = isSaved;
        save(true);
        isSaved |= wasSaved;
        return isSaved;
    }

    /** Deletes the checkpoint: what was observed is safe elsewhere. */
    public void discardCheckpoint() throws IOException {
        if (checkpoint != null) {
            discard(checkpoint.file());
        }
    }

    /**
     * Reads until all is read, ranges are stable, or the run is stopped.
     *
     * <p>Where it fails for another reason than its data, as when memory runs out, what was read until then is in the
     * checkpoint. Where it fails for its data, there is none but one that was written before.
     *
     * @throws FormatException if a file cannot be read, or was changed while it was read
     * @throws IllegalStateException if it was called before, or the operating system lets the process start no thread
     */
    public RunOutcome run() throws IOException {
        return run(Crew::daemon);
    }

    /** The same on threads that {@code factory} makes. */
    RunOutcome run(ThreadFactory factory) throws IOException {
        Validate.validState(hasBegun.compareAndSet(false, true), "run must be called once, was called again");
        start = System.nanoTime();
        lastSaved = start;
        try (Crew crew = Crew.start(threads, factory)) {
            workers = new ArrayList<>();
            for (int i = 0; i < Math.min(crew.size(), work.widestRound()); i++) {
                workers.add(new Worker(work, collected, settings, () -> stopped || failure.get() != null));
            }
            RunOutcome.End end = endOfReading(crew.threads());
            isSaved = false;
            if (end == RunOutcome.End.STOPPED || isWorthSaving()) {
                save(false);
            }
            RunProgress progress = progress();
            return new RunOutcome(
                    end, reason(end, progress), collected.snapshot().tensors(), progress, isSaved);
        }
    }

    /** A short run needs no checkpoint: to repeat it costs less. */
    private boolean isWorthSaving() {
        return isResumed || System.nanoTime() - start >= everyNanos;
    }

    private RunOutcome.End endOfReading(ExecutorService pool) throws IOException {
        try {
            return readRounds(pool);
        } catch (FormatException e) {
            // The data are not what they were taken for: what was read of them is not worth keeping, but a checkpoint
            // that is there already must not stand in the way of other data.
            if (isResumed || isSaved) {
                saveAfter(e);
            }
            throw e;
        } catch (IOException | RuntimeException | Error e) {
            if (isWorthSaving()) {
                saveAfter(e);
            }
            throw e;
        }
    }

    private void saveAfter(Throwable failed) {
        try {
            // Their observers are not needed any more, and memory may be what has failed.
            workers = List.of();
            save(true);
        } catch (RuntimeException | Error e) {
            failed.addSuppressed(e);
        }
    }

    private RunOutcome.End readRounds(ExecutorService pool) throws IOException {
        boolean judges = settings.untilStable().isPresent();
        List<List<Integer>> rounds = work.rounds();
        int first = judges ? history.rounds() : 0;
        for (int round = first; round < rounds.size(); round++) {
            if (judges && round > 0 && isStable(round - 1)) {
                return RunOutcome.End.STABLE;
            }
            read(rounds.get(round), pool);
            if (stopped) {
                return RunOutcome.End.STOPPED;
            }
            if (judges && !judge(pool)) {
                return RunOutcome.End.STOPPED;
            }
        }
        for (int round = 0; round < first; round++) {
            // Nothing is left of them but to check what only all parts together show.
            read(rounds.get(round), pool);
        }
        return first > 0 && stopped ? RunOutcome.End.STOPPED : RunOutcome.End.COMPLETE;
    }

    private void read(List<Integer> parts, ExecutorService pool) throws IOException {
        Queue<List<Integer>> left = work.units(parts);
        CountDownLatch running = new CountDownLatch(workers.size());
        for (Worker worker : workers) {
            pool.execute(() -> {
                try {
                    worker.readAll(left);
                } catch (Throwable e) {
                    if (Thread.interrupted()) {
                        // Somebody wants this thread to end, which has closed the file under it.
                        stop();
                    } else {
                        failure.compareAndSet(null, e);
                    }
                } finally {
                    running.countDown();
                }
            });
        }
        long pause = Math.max(1, Math.min(TICK_MILLIS, TimeUnit.NANOSECONDS.toMillis(everyNanos)));
        boolean interrupted = false;
        for (boolean done = false; !done; ) {
            try {
                done = running.await(checkpoint == null ? TICK_MILLIS : pause, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
                stop();
            }
            if (!done) {
                tick();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure.get() != null) {
            throw Thrown.again(failure.get());
        }
    }

    private void tick() {
        if (checkpoint != null && System.nanoTime() - lastSaved >= everyNanos) {
            save(false);
        }
        if (watcher != null) {
            if (settings.untilStable().isEmpty()) {
                settleSome();
            }
            watcher.accept(progress());
        }
    }

    /** Takes the ranges of some tensors, in turns, as far as the time of a tick goes. */
    private void settleSome() {
        List<String> tensors = List.copyOf(work.tensors());
        long end = System.nanoTime() + SETTLING_NANOS;
        for (int i = 0; i < tensors.size() && System.nanoTime() < end; i++) {
            String tensor = tensors.get(nextToSettle++ % tensors.size());
            TensorSummary summary = collected.summary(tensor);
            long count = summary.values().counts().count();
            if (count - history.count(tensor) >= Work.ROUND_VALUES) {
                range(tensor, summary).ifPresent(range -> history.add(tensor, count, range));
            }
        }
    }

    private Optional<RealRange> range(String tensor, TensorSummary summary) {
        try {
            return Optional.ofNullable(settings.choice().range(tensor, summary));
        } catch (RuntimeException e) {
            // No finite value yet, or none that has parameters; or a choice of the caller's own that fails, which is
            // said by whoever makes the table: what was read is not lost for it.
            return Optional.empty();
        }
    }

    /** A range that was taken when the tensor had so many values. */
    private record Taken(String tensor, long count, Optional<RealRange> range) {}

    /**
     * Takes the ranges of all tensors that have new values; of all or, where the thread is interrupted, of none.
     *
     * @return whether they were taken
     */
    private boolean judge(ExecutorService pool) throws IOException {
        List<Callable<Taken>> tasks = new ArrayList<>();
        for (String tensor : work.tensors()) {
            TensorSummary summary = collected.summary(tensor);
            long count = summary.values().counts().count();
            if (count > history.count(tensor)) {
                tasks.add(() -> new Taken(tensor, count, range(tensor, summary)));
            }
        }
        List<Taken> all = new ArrayList<>();
        try {
            for (Future<Taken> task : pool.invokeAll(tasks)) {
                all.add(task.get());
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw Thrown.again(e.getCause());
        }
        for (Taken taken : all) {
            taken.range().ifPresent(known -> history.add(taken.tensor(), taken.count(), known));
        }
        history.endRound();
        return true;
    }

    /** Whether the range of every tensor stands still, or no data of it is left. */
    private boolean isStable(int round) {
        for (String tensor : work.tensors()) {
            if (!history.isSettled(tensor) && work.lastRound(tensor) > round) {
                return false;
            }
        }
        return true;
    }

    private void save(boolean hasFailed) {
        lastSaved = System.nanoTime();
        if (checkpoint == null) {
            return;
        }
        try {
            Uninterrupted.call(() -> {
                // Ranges that are only shown are not of the data: another choice goes on without them.
                checkpoint.write(collected, settings.untilStable().isPresent() ? history : newHistory(), hasFailed);
                return null;
            });
            isSaved = true;
        } catch (IOException e) {
            isSaved = false;
            if (!isLossTold) {
                isLossTold = true;
                lossWatcher.accept(e);
            }
        }
        // Writing counts as work done: a slow disk must not take all the time.
        lastSaved = System.nanoTime();
    }

    private String reason(RunOutcome.End end, RunProgress progress) {
        String done = String.format(
                Locale.ROOT, "%.0f%% of the data (%,d values)", 100 * progress.share(), progress.values());
        return switch (end) {
            case COMPLETE ->
                "all data was read (" + String.format(Locale.ROOT, "%,d", progress.values()) + " values)"
                        + (settings.untilStable().isPresent() ? "; " + history.atEnd(work.tensors()) : "");
            case STABLE ->
                "stopped after " + done + ": no range moves any more"
                        + history.lastToSettle()
                                .map(last -> "; last to settle was " + last)
                                .orElse("");
            case STOPPED -> "stopped after " + done;
        };
    }
}
