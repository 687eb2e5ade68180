// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.onnx.ModelComparison;

/**
 * Other settings that an int8 model was made with beside those asked for.
 *
 * @param settings what is different, as options say it
 * @param comparison with the float model, on the same data
 */
public record Tried(String settings, ModelComparison comparison) {}
