// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/** Files of data for test models. */
final class TestData {
    private TestData() {}

    static NpzWriter.Item floats(String name, List<Long> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return new NpzWriter.Item(name, NumberType.FLOAT32, shape, () -> new ByteArrayInputStream(bytes.array()));
    }

    /** Normal numbers by the seed. */
    static NpzWriter.Item random(String name, long seed, Long... shape) {
        Random random = new Random(seed);
        int size = (int) List.of(shape).stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return floats(name, List.of(shape), values);
    }

    static ModelData of(OnnxModel model, Path file, NpzWriter.Item... arrays) throws IOException {
        NpzWriter.write(file, List.of(arrays));
        return ModelData.open(model.info().inputs(), List.of(file));
    }
}
