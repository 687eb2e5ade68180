// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.TensorWork;
import dev.octant.cli.words.Progress;
import dev.octant.cli.words.TextConverters;
import picocli.CommandLine.Option;

/** On how many threads ranges are chosen. */
final class ThreadsOption {
    @Option(
            names = "--threads",
            converter = TextConverters.Threads.class,
            paramLabel = "N",
            description = "Tensors whose ranges are chosen at a time, at most " + RunSettings.MOST_THREADS
                    + "; the outcome is the same for any. Default: the processors, at most 4.")
    private Integer threads;

    /** The choosing of ranges for so many tensors, which progress is told of. */
    TensorWork work(Progress progress, int tensors) {
        return work(threads, progress, tensors);
    }

    /** The same on so many threads, or as many as is usual where that is null. */
    static TensorWork work(Integer threads, Progress progress, int tensors) {
        return new TensorWork(
                threads == null ? TensorWork.usualThreads() : threads, done -> progress.showRanges(done, tensors));
    }

    /** Refuses numbers that no run can have, before anything is looked at. */
    void requireSound(Progress progress) {
        work(progress, 0);
    }
}
