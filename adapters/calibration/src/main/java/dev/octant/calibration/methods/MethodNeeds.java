// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/** What methods ask of the data and of memory: refused before any data are read. */
public final class MethodNeeds {
    private MethodNeeds() {}

    /**
     * Refuses data whose samples are not known, for methods that look at samples.
     *
     * @throws FormatException if a tensor is text, or its samples lie in another order
     */
    public static void requireSamples(List<TensorFile> files, List<Method> methods) throws FormatException {
        Given.require("files", files);
        Given.require("methods", methods);
        Optional<Method> ofSamples =
                methods.stream().filter(m -> m instanceof Method.OfSamples).findFirst();
        if (ofSamples.isEmpty()) {
            return;
        }
        for (TensorFile file : files) {
            for (TensorPart part : file.parts()) {
                if (part.sampleLength() == 0 || part.tensors().size() > 1) {
                    throw new FormatException(file.path() + ": "
                            + VisibleText.of(part.tensors().get(0))
                            + ": samples must lie one after the other for "
                            + ofSamples.get()
                            + ", were not known (text, Parquet and arrays in Fortran order have none)");
                }
            }
        }
    }

    /**
     * Counts the values, and refuses what does not fit into the heap: the tensors, and for methods that look at batches
     * the arrays that are held whole at a time. Asked before the values are counted, when only the arrays that say
     * their length are known, and again after.
     *
     * @param held how often an array is held: by itself, or with the outputs that are made of it
     * @param more bytes that are held besides
     * @throws dev.octant.calibration.run.HeapTooSmallException if the heap is too small
     * @throws FormatException as {@link TensorInputs#count}
     */
    public static void countWithin(Heap heap, TensorInputs inputs, List<Method> methods, int held, long more)
            throws IOException {
        Given.require("heap", heap);
        Given.require("inputs", inputs);
        Given.require("methods", methods);
        requireRoom(heap, inputs, methods, held, more);
        inputs.count();
        requireRoom(heap, inputs, methods, held, more);
    }

    private static void requireRoom(Heap heap, TensorInputs inputs, List<Method> methods, int held, long more) {
        List<String> ofBatches = methods.stream()
                .filter(m -> m instanceof Method.OfBatches)
                .map(Method::toString)
                .distinct()
                .toList();
        String counted = inputs.countOfTensors();
        long longest = inputs.longestArray();
        if (ofBatches.isEmpty() || longest == 0) {
            heap.require(counted, more);
            return;
        }
        Validate.isTrue(
                longest <= TensorObserver.MOST_BATCH,
                "array must have at most %s values for %s, was of %s",
                TensorObserver.MOST_BATCH,
                String.join(", ", ofBatches),
                longest);
        // An array that grows is held twice for a moment: what it was, and the room of up to twice as much.
        boolean isByArrays = more <= heap.free();
        heap.require(
                isByArrays
                        ? counted + " and arrays of " + longest + " values for " + String.join(", ", ofBatches)
                        : counted,
                more + 3L * held * Float.BYTES * inputs.heldLength());
    }
}
