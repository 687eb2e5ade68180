// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import java.util.SortedMap;

/**
 * How a run ended, and what it had observed then.
 *
 * @param end why it ended
 * @param reason one sentence that says so
 * @param tensors the summaries by name; where the run was stopped, of what was read
 * @param progress how far it came
 * @param isSaved whether a checkpoint of exactly this state is on disk
 */
public record RunOutcome(
        End end, String reason, SortedMap<String, TensorSummary> tensors, RunProgress progress, boolean isSaved) {
    public RunOutcome {
        Given.require("end", end);
        Given.require("reason", reason);
        Given.require("tensors", tensors);
        Given.require("progress", progress);
    }

    /** Why a run ended. */
    public enum End {
        /** All data was read. */
        COMPLETE,
        /** Ranges no longer moved. */
        STABLE,
        /** It was told to stop. */
        STOPPED
    }
}
