// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.Profile;
import java.util.List;

/**
 * Methods compared on tensors.
 *
 * @param inputs what was read, as the user named it
 * @param rule how ranges became parameters
 * @param profile the engine whose arithmetic was followed
 * @param evidence where the errors come from
 * @param tensors one result per tensor, in the order met
 */
public record Evaluation(
        List<String> inputs, ParameterRule rule, Profile profile, Evidence evidence, List<TensorResult> tensors) {}
