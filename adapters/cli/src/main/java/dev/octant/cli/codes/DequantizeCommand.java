// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.QuantType;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Codes to floats. */
@Command(
        name = "dequantize",
        description = "Dequantize an array of codes: x = (q - zero_point) * scale.",
        footer = {
            "",
            "Examples: octant dequantize y.npy --scale 0.03 --zero-point -118 -o z.npy",
            "          octant dequantize y.npy --from table.json --tensor act --op-output -o z.npy"
        })
public final class DequantizeCommand extends OctantCommand {
    @Parameters(index = "0", paramLabel = "IN.npy", description = "Array of int8 or uint8 codes; - is standard input.")
    private Path input;

    @Mixin
    private ParamLists lists;

    @Option(
            names = "--type",
            paramLabel = "T",
            completionCandidates = Candidates.Types.class,
            description = "Grid of codes. Default: the array's own type.")
    private QuantType type;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "OUT.npy",
            required = true,
            description = "Array of float32, of the same shape and order; - is standard output.")
    private Path output;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        lists.outputs(input).and("-o", output).requireApart();
        lists.resolve(type);
        QuantType asked = lists.type(type, null);
        ArrayTask.codesToFloats(input, output, quiet, header -> {
            ChannelQuantizer quantizer = lists.quantizer(header, ArrayTask.codeType(input, header.type(), asked));
            return (reals, codes, length, position) -> quantizer.dequantize(codes, 0, reals, 0, length, position);
        });
        return 0;
    }
}
