// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.Named;
import dev.octant.ops.Activation;
import dev.octant.ops.QuantizedActivation;
import picocli.CommandLine.Option;

/** The parameters that turn an op into a table. */
final class TableOptions {
    @Option(
            names = "--input-scale",
            paramLabel = "S",
            description = "Scale of the input: 0.1, 0x1p-4 or bits:3d800000.")
    private Float inputScale;

    @Option(
            names = "--input-zero-point",
            converter = TextConverters.ZeroPoint.class,
            paramLabel = "Z",
            description = "Zero point of the input.")
    private Integer inputZeroPoint;

    @Option(names = "--output-scale", paramLabel = "S", description = "Scale of the output.")
    private Float outputScale;

    @Option(
            names = "--output-zero-point",
            converter = TextConverters.ZeroPoint.class,
            paramLabel = "Z",
            description = "Zero point of the output.")
    private Integer outputZeroPoint;

    @Option(
            names = "--output-range",
            paramLabel = "LO,HI",
            description = "Emit only values inside, beside the op's own range, to which only the profile onnx clips; "
                    + "an end may"
                    + " be -inf or inf.")
    private RealRange outputRange;

    @Option(
            names = "--type",
            paramLabel = "T",
            completionCandidates = Candidates.Types.class,
            description = "Grid of input and output codes: int8, uint8 or int8_narrow. Default: int8.")
    private QuantType type;

    /** The op these options describe, as an engine computes it. */
    QuantizedActivation compile(Activation op, Profile profile) {
        QuantParams input = params("input", inputScale, inputZeroPoint);
        QuantParams output = params("output", outputScale, outputZeroPoint);
        RealRange declared = outputRange == null ? RealRange.ALL : outputRange;
        return QuantizedActivation.compile(op, input, output, declared, profile);
    }

    /** Whether none of the parameters was given. */
    boolean isEmpty() {
        return inputScale == null
                && inputZeroPoint == null
                && outputScale == null
                && outputZeroPoint == null
                && outputRange == null
                && type == null;
    }

    /** Refuses parameters beside a calibration table. */
    void requireEmpty() {
        if (!isEmpty()) {
            throw new IllegalArgumentException("--from must stand without the scales, zero points, --output-range and"
                    + " --type that the table says, had both");
        }
    }

    private QuantParams params(String side, Float scale, Integer zeroPoint) {
        if (scale == null || zeroPoint == null) {
            throw new IllegalArgumentException("--" + side + "-scale and --" + side + "-zero-point must be given, "
                    + (scale == null ? "the scale" : "the zero point") + " was missing");
        }
        return Named.params(side, type == null ? QuantType.INT8 : type, scale, zeroPoint);
    }
}
