// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * How ranges become parameters.
 *
 * @param type the grid of codes
 * @param scheme whether 0 lies in the middle of the codes
 * @param policy by whose rule
 */
public record ParameterRule(QuantType type, QuantScheme scheme, ParameterPolicy policy) {
    public ParameterRule {
        Validate.notNull(type, "type must be given, was null");
        Validate.notNull(scheme, "scheme must be given, was null");
        Validate.notNull(policy, "policy must be given, was null");
    }

    /** Octant's own rule. */
    public static ParameterRule of(QuantType type, QuantScheme scheme) {
        return new ParameterRule(type, scheme, ParameterPolicy.OCTANT);
    }

    /**
     * Scale and zero point for a range.
     *
     * @throws IllegalArgumentException as {@link ParameterPolicy#choose}
     */
    public QuantParams choose(RealRange range) {
        return policy.choose(range, type, scheme);
    }

    /** The output parameters the field has agreed on for an op, where it has and the policy knows them. */
    public Optional<QuantParams> fixedOutput(Activation op) {
        Given.require("op", op);
        boolean known = policy != ParameterPolicy.NVIDIA && policy != ParameterPolicy.AIMET;
        return known ? op.fixedOutput(type) : Optional.empty();
    }

    /**
     * Scale and zero point of an op's output: the fixed ones where there are, or those for the range of its outputs.
     */
    public QuantParams output(Activation op, RealRange range) {
        Given.require("op", op);
        Given.require("range", range);
        return fixedOutput(op).orElseGet(() -> choose(range));
    }

    /** The same under an engine, some of whose ops keep the parameters of their input. */
    public QuantParams output(Activation op, Profile profile, QuantParams input, RealRange range) {
        Given.require("op", op);
        Given.require("profile", profile);
        Given.require("input", input);
        Given.require("range", range);
        return QuantizedActivation.keepsGrid(op, profile) ? input : output(op, range);
    }
}
