// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What a model's inputs ask of data. */
public final class InputTypes {
    private InputTypes() {}

    /**
     * The numbers that an input takes.
     *
     * @throws FormatException if it is no tensor of numbers
     */
    static NumberType number(ModelTensor input) throws FormatException {
        return input.type()
                .flatMap(OnnxType::number)
                .orElseThrow(() -> new FormatException("input " + VisibleText.of(input.name())
                        + " of the model must be a tensor of numbers to be fed from files, was " + input));
    }

    /** The length of a dimension, where the model fixes it. */
    static Optional<Long> length(String dimension) {
        boolean isLength = !dimension.isEmpty() && dimension.chars().allMatch(c -> c >= '0' && c <= '9');
        return isLength ? Optional.of(Long.parseLong(dimension)) : Optional.empty();
    }

    /** The only rows that the model takes at a time, where it fixes them. */
    public static OptionalLong fixedRows(List<ModelTensor> inputs) {
        return inputs.stream()
                .filter(input -> !input.shape().isEmpty())
                .flatMap(input -> length(input.shape().get(0)).stream())
                .mapToLong(Long::longValue)
                .findFirst();
    }
}
