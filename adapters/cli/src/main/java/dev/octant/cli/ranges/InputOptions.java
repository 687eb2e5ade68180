// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.NamePattern;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.cli.words.StandardStreams;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.LongTable;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.LeftOut;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is read of the inputs. */
final class InputOptions {
    private static final int MOST_FOLDERS = 3;

    @Mixin
    private TensorOptions tensors;

    @Option(
            names = "--as-values",
            description =
                    "Take int8 and uint8 arrays of .npy and .npz as the numbers they are. Else they are codes, and"
                            + " left out.")
    private boolean asValues;

    @Option(
            names = "--name-from",
            paramLabel = "PATTERN",
            description = "Take the part of a name at {name} as the tensor's: by '{name}_*', batch_000.npy and"
                    + " batch_001.npy are one tensor, batch. * stands for any characters, ? for one; with slashes,"
                    + " as in '{name}/*', for folders too. Names that do not match stay. All other options are by the"
                    + " tensors' names.")
    private String nameFrom;

    @Option(
            names = "--tensor",
            paramLabel = "COLUMN",
            description = "Read Parquet as a long table: the column that names the tensor of each row. With --values.")
    private String tensorColumn;

    @Option(
            names = "--values",
            paramLabel = "COLUMN",
            description = "The column with the values of a row of a long table: a number, or a list of them.")
    private String valuesColumn;

    private Optional<LongTable> table() {
        Validate.isTrue(
                (tensorColumn == null) == (valuesColumn == null),
                "options --tensor and --values must be given together, was one of them");
        return tensorColumn == null ? Optional.empty() : Optional.of(new LongTable(tensorColumn, valuesColumn));
    }

    /** Refuses to keep samples of a long table, where they are not known. */
    void requireNoTable(boolean keepsSamples) {
        Validate.isTrue(
                !keepsSamples || table().isEmpty(),
                "option --samples must not be given with --tensor and --values: samples of long tables are not known"
                        + " here, only on Spark");
    }

    /** Opens the inputs; what is left out of them is refused, or said later. */
    TensorInputs open(List<Path> inputs) throws IOException {
        NamePattern names = nameFrom == null ? NamePattern.WHOLE : new NamePattern(nameFrom);
        TensorInputs data = TensorInputs.open(inputs, table(), names, tensors.choice(), asValues);
        tensors.require(data.leftOut());
        return data;
    }

    /** Refuses what is left out, if that was asked for. */
    void require(List<LeftOut> leftOut) {
        tensors.require(leftOut);
    }

    /** Says which folders are not read, which files more than once, and what came of names and patterns. */
    void print(TensorInputs data, PrintWriter out) {
        List<Path> folders = data.folders();
        if (!folders.isEmpty()) {
            out.println("Passed over: " + Numbers.counted(folders.size(), "folder") + ", "
                    + folders.stream()
                            .limit(MOST_FOLDERS)
                            .map(StandardStreams::shown)
                            .collect(Collectors.joining(", "))
                    + (folders.size() > MOST_FOLDERS ? " and others" : "")
                    + "; those that are given are read");
        }
        data.repeated()
                .forEach(file -> out.println("Read again: " + StandardStreams.shown(file)
                        + " is a file given before, its values count twice"));
        TensorOptions.printUnused(data.unusedSkips(), out);
        if (nameFrom != null) {
            out.println("Named by " + VisibleText.of(nameFrom) + ": " + Numbers.counted(data.named(), "array") + "; "
                    + data.countOfTensors() + " in all");
        }
    }
}
