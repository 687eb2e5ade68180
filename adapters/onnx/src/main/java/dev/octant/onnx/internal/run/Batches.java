// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.Map;

/** The inputs of a model, batch by batch, as often as they are asked for. */
@FunctionalInterface
public interface Batches {
    /** Hands batches to a reader in order, until it has enough or there is none left. */
    void read(FirstReader reader) throws IOException;

    /** Hands all batches to a reader, in order. */
    default void forEach(Reader reader) throws IOException {
        read(batch -> {
            reader.read(batch);
            return true;
        });
    }

    /** Receives batches; their buffers are reused after the call. */
    @FunctionalInterface
    interface Reader {
        void read(Map<String, TensorValue> batch) throws IOException;
    }

    /** Receives batches as long as it wants more; their buffers are reused after the call. */
    @FunctionalInterface
    interface FirstReader {
        /** Whether it wants the next. */
        boolean read(Map<String, TensorValue> batch) throws IOException;
    }
}
