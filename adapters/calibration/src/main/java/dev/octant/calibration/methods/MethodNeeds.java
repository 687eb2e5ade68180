package dev.octant.calibration.methods;

import dev.octant.calibration.run.Heap;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
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
     * Refuses arrays that cannot be held whole, for methods that look at batches.
     *
     * @param inputs the data, counted
     * @param held how many arrays of the longest's length are held at a time
     * @param more bytes that are held besides
     */
    public static void requireRoomForBatches(
            TensorInputs inputs, List<Method> methods, int held, long more, Heap heap) {
        List<String> ofBatches = methods.stream()
                .filter(m -> m instanceof Method.OfBatches)
                .map(Method::toString)
                .toList();
        if (ofBatches.isEmpty()) {
            return;
        }
        long longest = inputs.longestArray();
        Validate.isTrue(
                longest <= TensorObserver.MOST_BATCH,
                "array must have at most %d values for %s, was of %d",
                TensorObserver.MOST_BATCH,
                String.join(", ", ofBatches),
                longest);
        // An array that grows is held twice for a moment: what it was, and the room of up to twice as much.
        heap.require(
                inputs.tensors().size() + (inputs.tensors().size() == 1 ? " tensor" : " tensors") + " and arrays of "
                        + longest + " values for " + String.join(", ", ofBatches),
                more + 3L * held * Float.BYTES * longest);
    }
}
