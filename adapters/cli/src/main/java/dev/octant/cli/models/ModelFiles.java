// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.onnx.OnnxModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a command reads, to be kept apart from what it writes. */
final class ModelFiles {
    private ModelFiles() {}

    static Path[] all(Path file, OnnxModel model, List<Path> others) {
        List<Path> all = new ArrayList<>(others);
        all.add(file);
        all.addAll(model.externalFiles());
        return all.toArray(Path[]::new);
    }
}
