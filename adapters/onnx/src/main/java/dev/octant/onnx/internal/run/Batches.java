// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.Map;

/** The inputs of a model, batch by batch, as often as they are asked for. */
@FunctionalInterface
public interface Batches {
    /** Hands all batches to a reader, in order. */
    void forEach(Reader reader) throws IOException;

    /** Receives batches; their buffers are reused after the call. */
    @FunctionalInterface
    interface Reader {
        void read(Map<String, TensorValue> batch) throws IOException;
    }
}
