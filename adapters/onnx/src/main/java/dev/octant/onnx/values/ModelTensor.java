// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.formats.VisibleText;
import java.util.List;
import java.util.Optional;

/**
 * An input or output of a model as the model declares it.
 *
 * @param name its name
 * @param type of its elements; empty for what is no tensor, as a sequence or map, and for types not known
 * @param shape one entry for each dimension: its length, or the name of a length that the caller chooses, in single
 *     quotes where it reads as a number, or {@code ?}; empty for one number, and where the model states no shape
 */
public record ModelTensor(String name, Optional<OnnxType> type, List<String> shape) {
    public ModelTensor {
        shape = List.copyOf(shape);
    }

    @Override
    public String toString() {
        return VisibleText.of(name) + " " + type.map(OnnxType::label).orElse("unknown") + " "
                + VisibleText.of(shape.toString());
    }
}
