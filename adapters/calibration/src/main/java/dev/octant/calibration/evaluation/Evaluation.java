// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.evaluation;

import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.Profile;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.NaturalOrder;
import dev.octant.formats.tensor.LeftOut;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Methods compared on tensors.
 *
 * @param inputs what was read, as the user named it
 * @param rule how ranges became parameters
 * @param profile the engine whose arithmetic was followed
 * @param evidence where the errors come from
 * @param tensors one result per tensor, ordered as people count, layer5 before layer49; without methods where it
 *     was left out after all was read
 * @param leftOut the tensors that could not be read, or not be calibrated, and why
 */
public record Evaluation(
        List<String> inputs,
        ParameterRule rule,
        Profile profile,
        Evidence evidence,
        List<TensorResult> tensors,
        List<LeftOut> leftOut) {
    public Evaluation {
        Given.require("inputs", inputs);
        Given.require("rule", rule);
        Given.require("profile", profile);
        Given.require("evidence", evidence);
        Given.require("tensors", tensors);
        Given.require("left out", leftOut);
        inputs.forEach(input -> Given.require("input", input));
        inputs = List.copyOf(inputs);
        tensors.forEach(tensor -> Given.require("tensor", tensor));
        List<TensorResult> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparing(TensorResult::name, NaturalOrder.INSTANCE));
        tensors = List.copyOf(ordered);
        leftOut = List.copyOf(leftOut);
    }

    /** One with nothing left out. */
    public Evaluation(
            List<String> inputs, ParameterRule rule, Profile profile, Evidence evidence, List<TensorResult> tensors) {
        this(inputs, rule, profile, evidence, tensors, List.of());
    }

    /** The same where more was left out before. */
    public Evaluation after(List<LeftOut> more) {
        Given.require("more", more);
        List<LeftOut> all = new ArrayList<>(more);
        all.addAll(leftOut);
        return new Evaluation(inputs, rule, profile, evidence, tensors, all);
    }

    /** Why a tensor without methods was left out. */
    public String reason(TensorResult tensor) {
        Given.require("tensor", tensor);
        return leftOut.stream()
                .filter(left -> left.file().isEmpty() && left.tensor().equals(tensor.name()))
                .map(LeftOut::reason)
                .findFirst()
                .orElse("no finite value: there is nothing to choose a range from");
    }
}
