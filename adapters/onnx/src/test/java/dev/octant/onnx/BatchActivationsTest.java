// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a model computes on batches of the caller. */
class BatchActivationsTest {
    @Test
    void everyTensorIsShownOnceInOrder() throws IOException {
        try (BatchActivations activations = BatchActivations.open(GivenModel.DIGITS_CNN.model(), Target.CPU)) {
            List<String> seen = new ArrayList<>();
            TensorValue images = TensorValue.of(List.of(2L, 1L, 8L, 8L), new float[128]);
            activations.read(Map.of("image", images), (tensor, values, from, count) -> {
                assertEquals(values.length, from + count);
                return seen.add(tensor);
            });
            assertEquals(activations.tensors(), seen);
            assertEquals("image", seen.get(0));
        }
    }

    @Test
    void whoHasEnoughIsShownNoMore() throws IOException {
        try (BatchActivations activations = BatchActivations.open(GivenModel.DIGITS_CNN.model(), Target.CPU)) {
            List<String> seen = new ArrayList<>();
            TensorValue images = TensorValue.of(List.of(1L, 1L, 8L, 8L), new float[64]);
            activations.read(
                    Map.of("image", images), (tensor, values, from, count) -> seen.add(tensor) && seen.size() < 3);
            assertEquals(activations.tensors().subList(0, 3), seen);
        }
    }

    @Test
    void batchesWithoutAnInputAreRefused() throws IOException {
        try (BatchActivations activations = BatchActivations.open(GivenModel.DIGITS_CNN.model(), Target.CPU)) {
            Exception refusal = assertThrows(
                    IllegalArgumentException.class,
                    () -> activations.read(Map.of(), (tensor, values, from, count) -> true));
            assertEquals("batch must have the input image, was without", refusal.getMessage());
            TensorValue wide = TensorValue.of(List.of(1L, 65L), new float[65]);
            Exception shape = assertThrows(
                    IOException.class,
                    () -> activations.read(Map.of("image", wide), (tensor, values, from, count) -> true));
            assertTrue(shape.getMessage().contains("model must run on these inputs"), shape.getMessage());
        }
    }
}
