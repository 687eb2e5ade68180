// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.core.Profile;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two engines, one op. */
@Command(
        name = "compare",
        description = "Print for which input codes two engines give different output codes, and why.",
        footer = {
            "",
            "Columns: input code and its value, f(x) in double, f(x) in steps of the output scale before the"
                    + " zero point is added, the output code of each engine, and the reason:",
            "  clipping     onnx emits no value outside the op's own range, engines do",
            "  tie rule     f(x) lies exactly half way between two codes",
            "  reciprocal   x * (1 / scale) and x / scale lie on different sides of a tie,",
            "               or one of them on it",
            "  float        f(x) lies so close to a tie that roundings of float decide",
            "  arithmetic   an engine computes in integers, or in another coarser way",
            "",
            "Example: octant compare --profile onnx --profile tflite silu --input-scale 0.05 --input-zero-point 0"
                    + " --output-scale 0.05 --output-zero-point 0"
        })
public final class CompareCommand extends OctantCommand {
    @Option(
            names = "--profile",
            paramLabel = "P",
            required = true,
            completionCandidates = Candidates.Profiles.class,
            description = "An engine: onnx, onnxruntime, tflite, xnnpack or pytorch; to be given twice.")
    private List<Profile> profiles;

    @Parameters(
            index = "0",
            paramLabel = "OP",
            completionCandidates = Candidates.Ops.class,
            description = "The op: silu, leaky_relu(0.1).")
    private Activation op;

    @Mixin
    private TableOptions options;

    @Override
    public Integer call() {
        if (profiles.size() != 2) {
            throw refusal("--profile must be given twice, was given "
                    + (profiles.size() == 1 ? "once" : profiles.size() + " times"));
        }
        QuantizedActivation first = options.compile(op, profiles.get(0));
        QuantizedActivation second = options.compile(op, profiles.get(1));
        List<TableDifference> differences = TableDifference.between(first, second);
        PrintWriter out = line().getOut();
        if (!differences.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "%5s %15s %15s %15s %12s %12s  %s%n",
                    "code",
                    "x",
                    "f(x)",
                    "steps",
                    first.profile(),
                    second.profile(),
                    "why");
        }
        for (TableDifference d : differences) {
            out.printf(
                    Locale.ROOT,
                    "%5d %15.9g %15.9g %15.9g %12d %12d  %s%n",
                    d.code(),
                    d.x(),
                    d.y(),
                    d.steps(),
                    d.first(),
                    d.second(),
                    d.reason().label());
        }
        int largest = differences.stream()
                .mapToInt(d -> Math.abs(d.first() - d.second()))
                .max()
                .orElse(0);
        out.printf(
                Locale.ROOT,
                "%s from %s to %s: %s and %s differ in %s of %s codes, by %s at most%n",
                op,
                first.input(),
                first.output(),
                first.profile(),
                second.profile(),
                differences.size(),
                first.input().type().levels(),
                largest);
        out.flush();
        return 0;
    }
}
