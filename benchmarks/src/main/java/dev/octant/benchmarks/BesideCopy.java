package dev.octant.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.CompilerControl;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A benchmark that also times a memory copy, in the same JVM, before and after every iteration.
 *
 * <p>JMH gives every benchmark method a JVM of its own, and other work on the machine comes and goes: a copy timed
 * elsewhere or later would be another machine's. The mean of the two copy times travels with the iteration as the
 * auxiliary counter {@value #COPY_NANOS}; JMH's own summary adds it up over the iterations. Not thread safe: one thread per
 * instance.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class BesideCopy {
    /** The name of the counter, nanoseconds per copy. */
    public static final String COPY_NANOS = "copyNanos";

    private static final long ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int COPIES_PER_CLOCK = 8;

    private double before;

    /** What an iteration hands to its result. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double copyNanos;
    }

    /** Copies the larger array of the kernel once. */
    @CompilerControl(CompilerControl.Mode.DONT_INLINE)
    public abstract void copy();

    @Setup(Level.Iteration)
    public void timeCopyBefore() {
        before = nanosPerCopy();
    }

    @TearDown(Level.Iteration)
    public void timeCopyAfter(Counters counters) {
        counters.copyNanos = (before + nanosPerCopy()) / 2;
    }

    private double nanosPerCopy() {
        long copies = 0;
        long start = System.nanoTime();
        long elapsed;
        do {
            for (int i = 0; i < COPIES_PER_CLOCK; i++) {
                copy();
            }
            copies += COPIES_PER_CLOCK;
            elapsed = System.nanoTime() - start;
        } while (elapsed < ENOUGH_NANOS);
        return (double) elapsed / copies;
    }
}
