package dev.octant.cli;

import dev.octant.cli.evaluate.Method;
import dev.octant.cli.evaluate.TensorObserver;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.pipeline.Heap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.lang3.Validate;

/**
 * The tensors of the files a command was given, streamed block by block as often as asked. Tensors of one name are one
 * stream, in the order of the files.
 */
final class TensorInputs {
    /** The most values a visitor is given at a time. */
    static final int BLOCK = 1 << 14;

    /** What reading takes of the heap at the most: blocks, what unpacks them, and values kept until there are enough. */
    static final long READ_BYTES = 6 << 20;

    private final List<Source> sources;
    private final Set<String> tensors;
    private long totalSize;
    private long longestArray;

    private TensorInputs(List<Source> sources, Set<String> tensors) {
        this.sources = sources;
        this.tensors = tensors;
    }

    /** A file as it was before it was read. */
    private record Source(InputFile state, TensorFile file) {
        /** Reads a part whole; what was read is what was there all the time. */
        void read(TensorPart part, TensorPart.Visitor visitor) throws IOException {
            part.read(visitor);
            state.requireUnchanged();
        }
    }

    /** Receives the values of a tensor, a block at a time; the block is reused. */
    @FunctionalInterface
    interface Visitor {
        void visit(String tensor, float[] block, int length);

        /** An array of a tensor begins; {@code sampleLength} of its values make a sample, 0 where that is not known. */
        default void begin(String tensor, long sampleLength) {}

        /** The array ends. */
        default void end(String tensor) {}
    }

    /**
     * Finds the files and reads every header, so that what cannot be read is refused before anything is computed.
     *
     * @throws FormatException if a file cannot be read, or none holds a tensor
     */
    static TensorInputs open(List<Path> inputs) throws IOException {
        List<Source> sources = new ArrayList<>();
        Set<String> tensors = new LinkedHashSet<>();
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                InputFile state = InputFile.of(path);
                TensorFile file = TensorFiles.open(path);
                sources.add(new Source(state, file));
                file.parts().forEach(part -> tensors.addAll(part.tensors()));
            }
        }
        if (tensors.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": input must hold at least one array, had none");
        }
        TensorInputs opened = new TensorInputs(sources, tensors);
        for (Source source : sources) {
            Map<String, Long> stated = new LinkedHashMap<>();
            for (TensorPart part : source.file().parts()) {
                if (part.tensors().size() == 1) {
                    stated.merge(part.tensors().get(0), Math.max(0, part.values()), Long::sum);
                }
            }
            stated.values().forEach(opened::lengthen);
        }
        return opened;
    }

    /**
     * Counts the values. Where only reading tells how many there are, the file is read.
     *
     * @throws FormatException if a file cannot be read, or holds a tensor without values
     */
    void count() throws IOException {
        totalSize = 0;
        for (Source source : sources) {
            for (long size : sizes(source).values()) {
                totalSize += size;
            }
        }
    }

    private void lengthen(long array) {
        longestArray = Math.max(longestArray, array);
    }

    private Map<String, Long> sizes(Source source) throws IOException {
        TensorFile file = source.file();
        Map<String, Long> sizes = new LinkedHashMap<>();
        Map<String, Long> arrays = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            part.tensors().forEach(name -> sizes.putIfAbsent(name, 0L));
            boolean isAlone = part.tensors().size() == 1;
            if (part.values() >= 0 && isAlone) {
                sizes.merge(part.tensors().get(0), part.values(), Long::sum);
                arrays.merge(part.tensors().get(0), part.values(), Long::sum);
            } else {
                source.read(part, (name, block, offset, length) -> {
                    sizes.merge(name, (long) length, Long::sum);
                    // The columns of a text come in turns, a block of each.
                    arrays.merge(name, (long) length, isAlone ? Long::sum : Math::max);
                    return true;
                });
            }
        }
        arrays.values().forEach(this::lengthen);
        for (Map.Entry<String, Long> entry : sizes.entrySet()) {
            if (entry.getValue() == 0) {
                throw new FormatException(
                        file.path() + ": tensor " + entry.getKey() + " must have at least one value, was without any");
            }
        }
        return sizes;
    }

    /**
     * Refuses data whose samples are not known, for methods that look at samples: before any are read.
     *
     * @throws FormatException if a tensor is text, or its samples lie in another order
     */
    static void requireSamples(List<TensorFile> files, List<Method> methods) throws FormatException {
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

    /** All files. */
    List<TensorFile> files() {
        return sources.stream().map(Source::file).toList();
    }

    /** Names of the tensors, in the order met. */
    Set<String> tensors() {
        return tensors;
    }

    /** Values of all tensors together, once they were counted. */
    long totalSize() {
        return totalSize;
    }

    /**
     * Refuses what does not fit into the heap: the tensors, and for methods that look at batches the longest array, which
     * is held whole. To be asked before the values are counted, when only the arrays that say their length are known, and
     * again after.
     *
     * @param held how many arrays of the longest's length are held at a time
     * @param more bytes that are held besides
     */
    void requireRoom(List<Method> methods, int held, long more, Heap heap) {
        List<String> ofBatches = methods.stream()
                .filter(m -> m instanceof Method.OfBatches)
                .map(Method::toString)
                .toList();
        String counted = TableChoice.counted(tensors.size(), "tensor");
        if (ofBatches.isEmpty() || longestArray == 0) {
            heap.require(counted, more);
            return;
        }
        Validate.isTrue(
                longestArray <= TensorObserver.MOST_BATCH,
                "array must have at most %d values for %s, was of %d",
                TensorObserver.MOST_BATCH,
                String.join(", ", ofBatches),
                longestArray);
        // An array that grows is held twice for a moment: what it was, and the room of up to twice as much.
        boolean isByArrays = more <= heap.free();
        heap.require(
                isByArrays
                        ? counted + " and arrays of " + longestArray + " values for " + String.join(", ", ofBatches)
                        : counted,
                more + 3L * held * Float.BYTES * longestArray);
    }

    /** Reads all files once, from the first to the last. */
    void stream(Progress progress, Visitor visitor) throws IOException {
        float[] piece = new float[BLOCK];
        for (Source source : sources) {
            String[] open = {null};
            for (TensorPart part : source.file().parts()) {
                source.read(part, (tensor, block, offset, length) -> {
                    if (!tensor.equals(open[0])) {
                        end(open[0], visitor);
                        open[0] = tensor;
                        visitor.begin(tensor, part.sampleLength());
                    }
                    for (int done = 0; done < length; ) {
                        int count = Math.min(BLOCK, length - done);
                        System.arraycopy(block, offset + done, piece, 0, count);
                        visitor.visit(tensor, piece, count);
                        done += count;
                    }
                    progress.advance(length);
                    return true;
                });
            }
            end(open[0], visitor);
        }
    }

    private static void end(String tensor, Visitor visitor) {
        if (tensor != null) {
            visitor.end(tensor);
        }
    }
}
