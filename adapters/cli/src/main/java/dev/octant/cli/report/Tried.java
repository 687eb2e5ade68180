// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.onnx.ModelComparison;
import java.util.Optional;

/**
 * Other settings that an int8 model was made with beside those asked for.
 *
 * @param settings what is different, as options say it
 * @param comparison with the float model, on the same data; empty where no model could be made
 * @param failure why not; blank where one was made
 */
public record Tried(String settings, Optional<ModelComparison> comparison, String failure) {
    /** What was made. */
    public static Tried made(String settings, ModelComparison comparison) {
        return new Tried(settings, Optional.of(comparison), "");
    }

    /** What could not be made. */
    public static Tried failed(String settings, String failure) {
        return new Tried(settings, Optional.empty(), failure);
    }
}
