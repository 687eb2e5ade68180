// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.TextConverters;
import dev.octant.cli.words.Version;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Codes through an op. */
@Command(
        name = "apply",
        description = "Apply an op to an array of codes, as a table.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
public final class ApplyCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OP", description = "The op: silu, leaky_relu(0.1).")
    private Activation op;

    @Parameters(index = "1", paramLabel = "IN.npy", description = "Array of int8 or uint8 codes; - is standard input.")
    private Path input;

    @Mixin
    private TableOptions options;

    @Mixin
    private ProfileOption profile;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "OUT.npy",
            required = true,
            description = "Array of codes, of the same shape and order; - is standard output.")
    private Path output;

    @Override
    public Integer call() throws IOException {
        QuantizedActivation compiled = options.compile(op, profile.profile());
        Outputs.of(input).and("-o", output).requireApart();
        ArrayTask.codesToCodes(input, output, compiled.output().type(), header -> {
            ArrayTask.codeType(input, header.type(), compiled.input().type());
            return (reals, codes, length, position) -> compiled.table().apply(codes, 0, codes, 0, length);
        });
        return 0;
    }
}
