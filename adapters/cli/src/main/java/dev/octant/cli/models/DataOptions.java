// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** The data that a model is fed with. */
final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "FILE",
            arity = "1..*",
            required = true,
            description = "Rows for the model's inputs: .npz by their names, or .npy for one.")
    private List<Path> files;

    List<Path> files() {
        return files;
    }

    ModelData open(OnnxModel model) throws IOException {
        return ModelData.open(model.info().inputs(), files);
    }
}
