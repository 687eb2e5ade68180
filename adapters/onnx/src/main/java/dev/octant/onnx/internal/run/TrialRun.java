// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.run;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnxruntime.OrtException;
import dev.octant.formats.FormatException;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Whether ONNX Runtime loads and runs a model that was made of another, before anybody relies on it. */
public final class TrialRun {
    /** Larger models are not tried: that would take their size once more of the heap, and again outside of it. */
    public static final int MOST_BYTES = 1 << 28;

    private TrialRun() {}

    /**
     * Loads a model as users do, and runs it on the first batch; but for one of more than {@value #MOST_BYTES} bytes.
     *
     * @param batches none where there are no data: then the model is loaded only
     * @throws FormatException if ONNX Runtime refuses it, with what it says
     */
    public static void require(ModelProto made, ExternalData external, Batches batches) throws IOException {
        int size = made.getSerializedSize();
        // Beyond an int it is negative.
        if (size < 0 || size > MOST_BYTES) {
            return;
        }
        Set<String> outputs = new LinkedHashSet<>();
        made.getGraph().getOutputList().forEach(output -> outputs.add(output.getName()));
        try (Session session = Session.open(made, external, Optimization.ALL, Threads.USUAL)) {
            batches.read(batch -> {
                session.run(batch, outputs, (name, output) -> {});
                return false;
            });
        } catch (FormatException e) {
            if (!(e.getCause() instanceof OrtException)) {
                throw e;
            }
            String place = external.place() + ": ";
            String message = String.valueOf(e.getMessage());
            throw new FormatException(
                    place + "the int8 model made of it must run in ONNX Runtime, did not: "
                            + (message.startsWith(place) ? message.substring(place.length()) : message),
                    e);
        }
    }
}
