// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.Profile;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.ArrayHeader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Floats to codes. */
@Command(
        name = "quantize",
        description = {
            "Quantize an array: q = clamp(rint(x / scale) + zero_point). NaN becomes the zero point.",
            "With --profile by the rule of that engine."
        },
        footer = {
            "",
            "Examples: octant quantize x.npy --scale 0.05 --zero-point 3 -o q.npy",
            "          octant quantize x.npy --from table.json --tensor act -o q.npy"
        })
public final class QuantizeCommand extends OctantCommand {
    @Parameters(
            index = "0",
            paramLabel = "IN.npy",
            description =
                    "Array of float16, float32 or float64; a float64 is rounded to the nearest float32 first, beyond"
                            + " its largest to an infinity. - is standard input.")
    private Path input;

    @Mixin
    private ParamLists lists;

    @Option(
            names = "--type",
            paramLabel = "T",
            completionCandidates = Candidates.Types.class,
            description = "Grid of codes: int8, uint8 or int8_narrow. Default: int8, or what the table of --from says.")
    private QuantType type;

    @Option(
            names = {"-o", "--output"},
            converter = TextConverters.Output.class,
            paramLabel = "OUT.npy",
            required = true,
            description = "Array of int8 or uint8 codes, of the same shape and order; - is standard output.")
    private Path output;

    @Mixin
    private QuietOption quiet;

    private long nan;

    @Override
    public Integer call() throws IOException {
        lists.outputs(input).and("-o", output).requireApart();
        lists.resolve(type);
        type = lists.type(type, QuantType.INT8);
        ArrayTask.floatsToCodes(input, output, type, quiet, this::step);
        if (nan > 0) {
            PrintWriter err = line().getErr();
            err.println(StandardStreams.shown(input) + ": " + nan + " NaN became the " + codeOfNan(lists.profile()));
            err.flush();
        }
        return 0;
    }

    private static String codeOfNan(Profile profile) {
        return switch (profile) {
            case ONNX_RUNTIME -> "lowest code";
            case ONNX, TFLITE, XNNPACK, PYTORCH -> "zero point";
        };
    }

    private ArrayTask.Step step(ArrayHeader header) {
        ChannelQuantizer quantizer = lists.quantizer(header, type);
        return (reals, codes, length, position) -> {
            for (int i = 0; i < length; i++) {
                if (Float.isNaN(reals[i])) {
                    nan++;
                }
            }
            if (nan == header.size()) {
                throw new FormatException(input + ": array must hold a number, was all NaN");
            }
            quantizer.quantize(reals, 0, codes, 0, length, position);
        };
    }
}
