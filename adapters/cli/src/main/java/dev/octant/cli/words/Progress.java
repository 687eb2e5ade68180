// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.calibration.run.RunProgress;
import java.io.PrintStream;
import java.util.Locale;

/**
 * One line on stderr that says how fast, how far and how long still. Silent unless stderr is a terminal: the launcher
 * knows, and says so in the system property {@value #TERMINAL}.
 */
public final class Progress implements AutoCloseable {
    static final String TERMINAL = "octant.stderr.terminal";

    private static final long INTERVAL_NANOS = 200_000_000;

    private final PrintStream err = System.err;
    private final boolean shown;
    private final long start = System.nanoTime();
    private final long total;
    private long done;
    private long nextLine = INTERVAL_NANOS;
    /** Characters of the line that is to be seen. */
    private int printed;

    private long before;
    private double shareBefore;

    /** Progress towards {@code total} values, which is never shown unless it is wanted. */
    public Progress(long total, boolean wanted) {
        this.total = total;
        this.shown = wanted && Boolean.getBoolean(TERMINAL);
    }

    /** How many of all tensors have their ranges, once the data were read. */
    public void showRanges(int chosen, int tensors) {
        if (shown) {
            print(rangesLine(chosen, tensors));
        }
    }

    public static String rangesLine(int chosen, int tensors) {
        return String.format(Locale.ROOT, "ranges of %,d of %,d tensors chosen", chosen, tensors);
    }

    /** More values are done. */
    public void advance(long values) {
        done += values;
        if (shown && System.nanoTime() - start >= nextLine) {
            nextLine = System.nanoTime() - start + INTERVAL_NANOS;
            print(line(System.nanoTime() - start));
        }
    }

    /** Whether anybody sees it. */
    public boolean isShown() {
        return shown;
    }

    /** What is done already when it starts: it took no time. */
    public void beginWith(RunProgress done) {
        before = done.values();
        shareBefore = done.share();
    }

    /** Shows how far a run is. */
    public void show(RunProgress progress) {
        if (shown) {
            print(line(progress, System.nanoTime() - start));
        }
    }

    public String line(RunProgress progress, long nanos) {
        double seconds = nanos / 1e9;
        double rate = seconds > 0 ? (progress.values() - before) / seconds : 0;
        double speed = seconds > 0 ? (progress.share() - shareBefore) / seconds : 0;
        String left = speed > 0 ? String.format(Locale.ROOT, "%.0f s", (1 - progress.share()) / speed) : "unknown time";
        return String.format(
                Locale.ROOT,
                "%.1f M values/s, %.0f%% done, %s left, %s of %s tensors settled",
                rate / 1e6,
                100 * progress.share(),
                left,
                progress.settled(),
                progress.tensors());
    }

    private void print(String line) {
        // Blanks over what is left of a longer line: not every terminal knows a sequence that deletes it.
        err.print("\r" + line + " ".repeat(Math.max(0, printed - line.length())));
        err.flush();
        printed = line.length();
    }

    String line(long nanos) {
        double seconds = nanos / 1e9;
        double rate = seconds > 0 ? done / seconds : 0;
        double share = total > 0 ? (double) done / total : 1;
        double left = rate > 0 ? (total - done) / rate : 0;
        return String.format(Locale.ROOT, "%.1f M values/s, %.0f%% done, %.0f s left", rate / 1e6, 100 * share, left);
    }

    @Override
    public void close() {
        if (printed > 0) {
            err.print("\r" + " ".repeat(printed) + "\r");
            err.flush();
            printed = 0;
        }
    }
}
