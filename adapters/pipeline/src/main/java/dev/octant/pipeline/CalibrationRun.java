package dev.octant.pipeline;

import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.observers.RangeStability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.apache.commons.lang3.Validate;

/**
 * Reads all values of all files once, on several threads, and sums them up by tensor.
 *
 * <p>The outcome is a function of the values of each tensor: the same bytes for any number of threads, any order and cut
 * of the files, and any interruptions. With {@link RunSettings#untilStable} it is a function of the files and their order:
 * work is done in rounds that end where the files say, and only there it is judged.
 *
 * <p>Memory of arrays in bytes is {@code tensors * TensorSummary.BYTES + threads * (observers + 2 * TensorSummary.BYTES)},
 * see {@link #bytes}, beside what a {@link TensorFile} takes to read a part; it does not grow with the data, nor with the
 * product of threads and tensors.
 *
 * <p>With a checkpoint file, the state is written every few seconds, when the run is stopped and at its end; a run that finds
 * such a file goes on from it, or refuses it in one sentence if it is damaged or of other data or settings. A write that
 * fails costs nothing but the newer checkpoint: the one before stays whole, and the run goes on. The caller deletes it, with
 * {@link #discardCheckpoint}, when what follows is safe.
 *
 * <p>One thread calls {@link #run}, once; any may call {@link #stop}.
 */
public final class CalibrationRun {
    private static final long TICK_MILLIS = 200;

    /** How long a tick may spend on ranges that are only shown. */
    private static final long SETTLING_NANOS = 5_000_000;

    private final Work work;
    private final RunSettings settings;
    private final RangeHistory history;
    private final Checkpoint checkpoint;
    private final Collected collected;
    private final boolean isResumed;
    private final long everyNanos;

    private Consumer<RunProgress> watcher;
    private Consumer<IOException> lossWatcher = loss -> {};
    private volatile boolean stopped;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private List<Worker> workers = List.of();
    private long start;
    private long lastSaved;
    private boolean isSaved;
    private boolean isLossTold;
    private int nextToSettle;

    private CalibrationRun(List<TensorFile> files, RunSettings settings, Path place, Duration every)
            throws IOException {
        this.settings = settings;
        work = settings.untilStable().isPresent() ? Work.inRounds(files) : Work.inOrder(files);
        history = new RangeHistory(settings.untilStable().orElseGet(RangeStability::new));
        everyNanos = every.toNanos();
        if (place == null) {
            checkpoint = null;
            isResumed = false;
            collected = new Collected(work, Snapshot.start(work));
            return;
        }
        List<FileIdentity> data = new ArrayList<>();
        for (TensorFile file : files) {
            data.add(FileIdentity.of(file.path()));
        }
        checkpoint = new Checkpoint(place, settings.text(), data);
        isResumed = checkpoint.exists();
        collected = new Collected(work, isResumed ? checkpoint.read(work, history) : Snapshot.start(work));
    }

    /**
     * A run that keeps no checkpoint.
     *
     * @throws IllegalArgumentException if the files hold no tensor, or one with a blank name
     */
    public static CalibrationRun of(List<TensorFile> files, RunSettings settings) throws IOException {
        return new CalibrationRun(files, settings, null, Duration.ZERO);
    }

    /**
     * A run that keeps a checkpoint, and goes on from it if there is one.
     *
     * @param place the checkpoint file
     * @param every how long to work between two checkpoints; zero for as often as possible
     * @throws FormatException if the checkpoint is damaged, or belongs to other data or settings, or an input is not an
     *     ordinary file
     * @throws IllegalArgumentException as {@link #of}
     */
    public static CalibrationRun withCheckpoint(
            List<TensorFile> files, RunSettings settings, Path place, Duration every) throws IOException {
        Validate.notNull(place, "place of the checkpoint must be given, was null");
        return new CalibrationRun(files, settings, place, every);
    }

    /** The most memory of the arrays of a run in bytes, beside what reading takes. */
    public static long bytes(int tensors, int threads) {
        return (long) tensors * TensorSummary.BYTES + (long) threads * Worker.BYTES;
    }

    /** Deletes a checkpoint so that a run starts anew; a file that is no checkpoint is refused. */
    public static void discard(Path place) throws IOException {
        if (Files.exists(place) && !Checkpoint.isOurs(place)) {
            throw new FormatException(place + ": checkpoint must begin with OCTC to be deleted, was another file");
        }
        Files.deleteIfExists(place);
    }

    /** Has the progress told several times a second, on the thread that runs. */
    public CalibrationRun watched(Consumer<RunProgress> by) {
        watcher = by;
        return this;
    }

    /** Has it told, once, that a checkpoint could not be written. */
    public CalibrationRun withLossTo(Consumer<IOException> to) {
        lossWatcher = to;
        return this;
    }

    /** Whether this run goes on from a checkpoint. */
    public boolean isResumed() {
        return isResumed;
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
     * Writes the checkpoint once more after the run, where that has one: what follows did not work.
     *
     * @return whether a checkpoint of the run's last state is on disk
     */
    public boolean keepCheckpoint() {
        if (!isSaved) {
            save();
        }
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
     * @throws FormatException if a file cannot be read
     */
    public RunOutcome run() throws IOException {
        start = System.nanoTime();
        lastSaved = start;
        ExecutorService pool = Executors.newFixedThreadPool(settings.threads(), task -> {
            Thread thread = new Thread(task, "octant-calibrate");
            thread.setDaemon(true);
            return thread;
        });
        try {
            workers = new ArrayList<>();
            for (int i = 0; i < settings.threads(); i++) {
                workers.add(new Worker(work, collected, settings, () -> stopped || failure.get() != null));
            }
            RunOutcome.End end = readRounds(pool);
            isSaved = false;
            // A short run needs no checkpoint: to repeat it costs less.
            if (end == RunOutcome.End.STOPPED || isResumed || System.nanoTime() - start >= everyNanos) {
                save();
            }
            RunProgress progress = progress();
            return new RunOutcome(
                    end, reason(end, progress), collected.snapshot().tensors(), progress, isSaved);
        } finally {
            pool.shutdownNow();
        }
    }

    private RunOutcome.End readRounds(ExecutorService pool) throws IOException {
        boolean judges = settings.untilStable().isPresent();
        List<List<Integer>> rounds = work.rounds();
        for (int round = judges ? history.rounds() : 0; round < rounds.size(); round++) {
            if (judges && round > 0 && isStable(round - 1)) {
                return RunOutcome.End.STABLE;
            }
            read(rounds.get(round), pool);
            if (stopped) {
                return RunOutcome.End.STOPPED;
            }
            if (judges) {
                judge(pool);
            }
        }
        return RunOutcome.End.COMPLETE;
    }

    private void read(List<Integer> parts, ExecutorService pool) throws IOException {
        Queue<List<Integer>> left = work.units(parts);
        CountDownLatch running = new CountDownLatch(workers.size());
        for (Worker worker : workers) {
            pool.execute(() -> {
                try {
                    worker.readAll(left);
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
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
        rethrow(failure.get());
    }

    private void tick() {
        if (checkpoint != null && System.nanoTime() - lastSaved >= everyNanos) {
            save();
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
            return Optional.of(settings.choice().range(tensor, summary));
        } catch (IllegalStateException e) {
            return Optional.empty(); // no finite value yet
        }
    }

    /** Takes the ranges of all tensors that have new values. */
    private void judge(ExecutorService pool) throws IOException {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (String tensor : work.tensors()) {
            TensorSummary summary = collected.summary(tensor);
            long count = summary.values().counts().count();
            if (count > history.count(tensor)) {
                tasks.add(() -> {
                    Optional<RealRange> range = range(tensor, summary);
                    synchronized (history) {
                        range.ifPresent(known -> history.add(tensor, count, known));
                    }
                    return null;
                });
            }
        }
        try {
            for (Future<Void> task : pool.invokeAll(tasks)) {
                task.get();
            }
        } catch (InterruptedException e) {
            stop();
            Thread.currentThread().interrupt();
            return;
        } catch (ExecutionException e) {
            rethrow(e.getCause());
        }
        history.endRound();
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

    private void save() {
        lastSaved = System.nanoTime();
        if (checkpoint == null) {
            return;
        }
        try {
            checkpoint.write(collected.snapshot(), history);
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
            case COMPLETE -> "all data was read (" + String.format(Locale.ROOT, "%,d", progress.values()) + " values)";
            case STABLE ->
                "stopped after " + done + ": no range moves any more"
                        + history.lastToSettle()
                                .map(last -> "; last to settle was " + last)
                                .orElse("");
            case STOPPED -> "stopped after " + done;
        };
    }

    private static void rethrow(Throwable cause) throws IOException {
        if (cause instanceof IOException e) {
            throw e;
        }
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }
}
