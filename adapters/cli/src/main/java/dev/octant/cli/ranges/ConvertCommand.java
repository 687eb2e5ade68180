// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.cli.words.Candidates;
import dev.octant.cli.words.OctantCommand;
import dev.octant.cli.words.Outputs;
import dev.octant.cli.words.QuietOption;
import dev.octant.cli.words.StandardStreams;
import dev.octant.cli.words.TextConverters;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.InputFile;
import dev.octant.formats.Named;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationFormat;
import dev.octant.formats.calibration.TableExport;
import dev.octant.formats.calibration.TableImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A calibration table in the format of another tool. */
@Command(
        name = "convert",
        description = "Write a calibration table in the format of another tool.",
        footer = {
            "",
            "Formats: octant (.json), tensorrt (.cache), onnxruntime (.onnxruntime.json), aimet (.encodings),"
                    + " tflite (.tflite.json); of ONNX Runtime's providers for TensorRT and MIGraphX also"
                    + " onnxruntime-cache (.onnxruntime.cache) and onnxruntime-flatbuffers (.flatbuffers). What is"
                    + " lost on the way is said on stderr. Where scales or zero points would be others, nothing is"
                    + " written unless --lossy is given.",
            "",
            "Example: octant convert table.json calibration.cache --tool 'TensorRT 8601'"
        })
public final class ConvertCommand extends OctantCommand {
    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "The table; its content tells the format. - is standard input, with --from.")
    private Path input;

    @Parameters(
            index = "1",
            paramLabel = "OUT",
            converter = TextConverters.Output.class,
            description = "The file to write; its ending tells the format." + Outputs.HELP)
    private Path output;

    @Option(
            names = "--from",
            paramLabel = "F",
            completionCandidates = Candidates.Formats.class,
            description = "Read IN in this format.")
    private CalibrationFormat from;

    @Option(
            names = "--to",
            paramLabel = "F",
            completionCandidates = Candidates.Formats.class,
            description = "Write OUT in this format.")
    private CalibrationFormat to;

    @Option(
            names = "--type",
            paramLabel = "T",
            completionCandidates = Candidates.Types.class,
            description =
                    "Codes of the tensors, where IN does not say it (aimet, onnxruntime): int8, uint8 or int8_narrow."
                            + " Default: int8.")
    private QuantType type;

    @Option(
            names = "--scheme",
            paramLabel = "S",
            completionCandidates = Candidates.Schemes.class,
            description =
                    "How ranges become parameters, where IN holds ranges only (onnxruntime): asymmetric or symmetric."
                            + " Default: asymmetric.")
    private QuantScheme scheme;

    @Option(
            names = "--tool",
            paramLabel = "TEXT",
            description = "The tool and version OUT is for, where it says so: 'TensorRT 8601', 'AIMET 1.0.0'."
                    + " Default: as in IN, or else TensorRT 100300, AIMET 0.6.1.")
    private String tool;

    @Option(names = "--lossy", description = "Write OUT even if scales or zero points are others in it.")
    private boolean isLossy;

    @Mixin
    private QuietOption quiet;

    @Override
    public Integer call() throws IOException {
        Outputs outputs = Outputs.of(input).and("OUT", output);
        outputs.requireApart();
        CalibrationFormat target = target();
        if (from == null && input.equals(InputFile.STANDARD_INPUT)) {
            // To look at the content and to read it would be to read it twice.
            throw refusal("--from must be given with -, was missing");
        }
        CalibrationFormat source = from == null ? CalibrationFormat.ofContent(input) : from;
        refuse(type != null && source.holdsType(), "--type", "says the types itself", source);
        refuse(scheme != null && source.holdsParameters(), "--scheme", "holds the parameters themselves", source);
        TableImport read = source.read(
                input, type == null ? QuantType.INT8 : type, scheme == null ? QuantScheme.ASYMMETRIC : scheme);
        CalibrationFile file = read.file();
        if (tool != null) {
            file = new CalibrationFile(tool, file.scheme(), file.policy(), file.table());
        }
        CalibrationFile table = file;
        TableExport export = Named.at(input + ": ", () -> target.export(table));
        if (export.change().isPresent() && !isLossy) {
            throw new IllegalArgumentException(input + ": parameters must be such as " + target
                    + " holds, or --lossy be given, was with others: "
                    + export.change().get());
        }
        export.write(output);
        note(read.losses(), source + " to octant");
        note(export.losses(), "to " + target);
        PrintWriter out = quiet.text(outputs, line());
        int tensors = table.table().entries().size();
        out.println(Numbers.counted(tensors, "tensor") + ", " + source + " to " + target + ": "
                + StandardStreams.shown(output));
        out.flush();
        return 0;
    }

    private CalibrationFormat target() {
        return to != null
                ? to
                : CalibrationFormat.ofName(output)
                        .orElseThrow(() -> refusal(
                                "OUT must end in .json, .cache, .encodings or .flatbuffers, or --to be given, was "
                                        + output));
    }

    private void refuse(boolean isWrong, String option, String reason, CalibrationFormat format) {
        if (isWrong) {
            throw refusal(option + " must not be given for " + format + ", which " + reason);
        }
    }

    private void note(List<String> losses, String way) {
        losses.forEach(loss -> say(way + ": " + loss));
    }
}
