package dev.octant.calibration.methods;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.ops.Activation;
import java.util.Optional;

/**
 * How ranges become parameters.
 *
 * @param type the grid of codes
 * @param scheme whether 0 lies in the middle of the codes
 * @param policy by whose rule
 */
public record ParameterRule(QuantType type, QuantScheme scheme, ParameterPolicy policy) {
    /** Scale and zero point for a range, or the policy's refusal. */
    public QuantParams choose(RealRange range) {
        return policy.choose(range, type, scheme);
    }

    /** The output parameters the field has agreed on for an op, where it has and the policy knows them. */
    public Optional<QuantParams> fixedOutput(Activation op) {
        boolean known = policy != ParameterPolicy.NVIDIA && policy != ParameterPolicy.AIMET;
        return known ? op.fixedOutput(type) : Optional.empty();
    }
}
