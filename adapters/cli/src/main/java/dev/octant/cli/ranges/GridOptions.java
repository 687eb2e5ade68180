// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.methods.ParameterRule;
import dev.octant.cli.words.Candidates;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import picocli.CommandLine.Option;

/** What every command that chooses parameters asks for. */
final class GridOptions {
    @Option(
            names = "--type",
            paramLabel = "T",
            defaultValue = "int8",
            completionCandidates = Candidates.Types.class,
            description = "Grid of codes: int8, uint8 or int8_narrow (-127..127). Default: ${DEFAULT-VALUE}.")
    private QuantType type;

    @Option(
            names = "--scheme",
            paramLabel = "S",
            defaultValue = "asymmetric",
            completionCandidates = Candidates.Schemes.class,
            description =
                    "How a range becomes scale and zero point: asymmetric or symmetric. Default: ${DEFAULT-VALUE}.")
    private QuantScheme scheme;

    @Option(
            names = "--policy",
            paramLabel = "P",
            defaultValue = "octant",
            completionCandidates = Candidates.Policies.class,
            description = "By whose rule, to the bit: octant, onnxruntime, pytorch, tflite, nvidia or aimet. Default: "
                    + "${DEFAULT-VALUE}.")
    private ParameterPolicy policy;

    /** How ranges become parameters. */
    ParameterRule rule() {
        return new ParameterRule(type, scheme, policy);
    }
}
