// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import dev.octant.calibration.run.TensorInputs;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.LeftOut;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is read of the inputs. */
final class InputOptions {
    @Mixin
    private TensorOptions tensors;

    @Option(
            names = "--as-values",
            description =
                    "Take int8 and uint8 arrays of .npy and .npz as the numbers they are. Else they are codes, and"
                            + " left out.")
    private boolean asValues;

    /** Opens the inputs; what is left out of them is refused, or said later. */
    TensorInputs open(List<Path> inputs) throws IOException {
        TensorInputs data = TensorInputs.open(inputs, tensors.choice(), asValues);
        tensors.require(data.leftOut());
        return data;
    }

    /** Refuses what is left out, if that was asked for. */
    void require(List<LeftOut> leftOut) {
        tensors.require(leftOut);
    }

    /** Says which files were read more than once. */
    static void printRepeated(TensorInputs data, PrintWriter out) {
        data.repeated()
                .forEach(file -> out.println("Read again: " + VisibleText.of(file)
                        + " is a file given before, its values count" + " twice"));
    }
}
