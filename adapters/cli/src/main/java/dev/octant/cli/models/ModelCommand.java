// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.cli.words.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Commands for ONNX models. */
@Command(
        name = "model",
        description = "ONNX models: say what is in one, run it, quantize it to int8, compare two.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelInfoCommand.class,
            ModelRunCommand.class,
            ModelQuantizeCommand.class,
            ModelCalibrateCommand.class,
            ModelCompareCommand.class
        },
        footer = {
            "",
            "Data: an .npz or .safetensors with an array for each input of the model, by its name; an .npy where there"
                    + " is one input. The first axis counts the rows, of which a batch is made. Types must be those of"
                    + " the inputs. A .png or .jpg is a row where the model takes images. Folders stand for the files"
                    + " in them.",
            "",
            "Try 'octant model quantize': it runs on a small bundled model.",
            "Example: octant model quantize model.onnx --data calib.npz -o int8.onnx --test test.npz"
        })
public final class ModelCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "command must be one of " + String.join(", ", spec.subcommands().keySet()) + ", was none");
    }
}
