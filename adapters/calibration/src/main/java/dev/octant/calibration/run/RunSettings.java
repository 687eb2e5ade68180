// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.observers.estimators.RangeStability;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * What a run is asked for.
 *
 * @param threads how many parts are read at a time, 1 to {@value #MOST_THREADS}; fewer where there are not as many
 *     parts, or no memory for more. The outcome does not depend on it
 * @param shortSamples whether samples of fewer than {@value #SHORT_SAMPLE} values are kept too, which costs time:
 *     longer ones always are
 * @param choice how ranges will be chosen
 * @param untilStable when to stop before all data is read
 */
public record RunSettings(int threads, boolean shortSamples, RangeChoice choice, Optional<RangeStability> untilStable) {
    /** Values from which on the extremes of a sample cost next to nothing: 4 % of the time at 512, twice it at 64. */
    public static final int SHORT_SAMPLE = 512;

    /** More threads than any machine reads on at a time. */
    public static final int MOST_THREADS = 1024;

    public RunSettings {
        Validate.notNull(choice, "choice must be given, was null");
        Validate.notNull(untilStable, "until stable must be given or empty, was null");
        Validate.isTrue(threads >= 1, "threads must be at least 1, was %s", threads);
        Validate.isTrue(threads <= MOST_THREADS, "threads must be at most %s, was %s", MOST_THREADS, threads);
    }

    /** Reads all data, on as many threads as there are processors, at most 4. */
    public static RunSettings of(RangeChoice choice) {
        return new RunSettings(TensorWork.usualThreads(), false, choice, Optional.empty());
    }

    /** Whether the samples of a part are kept; those of several tensors may come in turns, and are not. */
    boolean keepsSamples(TensorPart part) {
        long length = part.sampleLength();
        return part.tensors().size() == 1 && (length >= SHORT_SAMPLE || (shortSamples && length > 0));
    }

    /**
     * What a checkpoint must agree with: all that its content depends on. Ranges are chosen of it afterwards, but where
     * they tell when to stop.
     */
    String text() {
        String kept = shortSamples ? "all samples" : "samples of " + SHORT_SAMPLE + " values or more";
        // Text of any length, as one op for each of many tensors makes it, has a field of two bytes for its length.
        return kept
                + untilStable
                        .map(stability -> ", until " + stability + " by " + VisibleText.of(choice.toString(), 1000)
                                + String.format(
                                        Locale.ROOT,
                                        " (%08x)",
                                        choice.toString().hashCode()))
                        .orElse("");
    }
}
