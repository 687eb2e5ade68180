// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.methods.OpChoice;
import dev.octant.cli.words.Candidates;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine.Option;

/** Which op reads which tensor. */
final class OpOption {
    @Option(
            names = "--op",
            paramLabel = "[TENSOR=]OP",
            completionCandidates = Candidates.Ops.class,
            description = "The op that reads the tensors, or one of them: silu, act=leaky_relu(0.1), or those whose"
                    + " names match: '*gate*=sigmoid'; * stands for any characters, ? for one. Default: identity.")
    private List<String> words = List.of();

    /** The choice for these tensors, by the words given, or by others where none were. */
    OpChoice choice(Collection<String> tensors, List<String> otherwise) {
        return OpChoice.parse(words.isEmpty() ? otherwise : words, tensors);
    }
}
