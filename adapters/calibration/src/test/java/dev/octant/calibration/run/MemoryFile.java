// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.nio.file.Path;
import java.util.List;

/** A file that only its identity is on disk of. */
record MemoryFile(Path path, List<TensorPart> parts) implements TensorFile {
    static MemoryFile of(TensorPart... parts) {
        return new MemoryFile(Path.of("nowhere"), List.of(parts));
    }
}
