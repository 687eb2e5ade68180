// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.ProfileOption;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.TextConverters;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Codes through an op. */
@Command(
        name = "apply",
        description = "Apply an op to an array of codes, as a table.",
        footer = {
            "",
            "Examples: octant apply silu q.npy --input-scale 0.05 --input-zero-point 3 --output-scale 0.03"
                    + " --output-zero-point -118 -o y.npy",
            "          octant apply q.npy --from table.json --tensor act -o y.npy"
        })
public final class ApplyCommand extends OctantCommand {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "OP",
            completionCandidates = Candidates.Ops.class,
            description = "The op: silu, leaky_relu(0.1). With --from it is left out: the table says it.")
    private String first;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "IN.npy",
            description = "Array of int8 or uint8 codes; - is standard input.")
    private Path second;

    @Mixin
    private TableEntry table;

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

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        Path input = input();
        QuantizedActivation compiled;
        if (table.isGiven()) {
            options.requireEmpty();
            Outputs.of(input, table.file()).and("-o", output).requireApart();
            compiled = table.compile(table.entry(), profile.profile());
        } else {
            Activation op = converted(first, Activation::parse, "OP");
            compiled = options.compile(op, profile.profile());
            Outputs.of(input).and("-o", output).requireApart();
        }
        ArrayTask.codesToCodes(input, output, compiled.output().type(), quiet, header -> {
            ArrayTask.codeType(input, header.type(), compiled.input().type());
            return (reals, codes, length, position) -> compiled.table().apply(codes, 0, codes, 0, length);
        });
        return 0;
    }

    /** The second word, or with a table the only one. */
    private Path input() {
        if (table.isGiven()) {
            if (second != null) {
                throw refusal("OP must not be given with --from, which says the op, was '" + first + "'");
            }
            requireInput(first);
            return converted(first, TextConverters::path, "IN.npy");
        }
        if (first == null) {
            throw refusal("OP and IN.npy must be given, or --from and IN.npy, were missing");
        }
        requireInput(second);
        return second;
    }

    private void requireInput(Object word) {
        if (word == null) {
            throw refusal("IN.npy must be given, was missing");
        }
    }

    private <T> T converted(String word, Function<String, T> parse, String label) {
        try {
            return parse.apply(word);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(line(), label + ": " + e.getMessage(), e);
        }
    }
}
