package dev.octant.cli;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of the files a command was given, streamed block by block as often as asked. Tensors of one name are one
 * stream, in the order of the files.
 */
final class TensorInputs {
    /** The most values a visitor is given at a time. */
    static final int BLOCK = 1 << 14;

    private final List<TensorFile> files;
    private final Map<String, Long> sizes;

    private TensorInputs(List<TensorFile> files, Map<String, Long> sizes) {
        this.files = files;
        this.sizes = sizes;
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
     * Finds the files and reads every header, so that what cannot be read is refused before anything is computed. Where only
     * reading tells how many values there are, the file is read.
     *
     * @throws FormatException if a file cannot be read, or holds a tensor without values
     */
    static TensorInputs open(List<Path> inputs) throws IOException {
        List<TensorFile> files = new ArrayList<>();
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                TensorFile file = TensorFiles.open(path);
                files.add(file);
                sizes(file).forEach((name, size) -> sizes.merge(name, size, Long::sum));
            }
        }
        if (sizes.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": input must hold at least one array, had none");
        }
        return new TensorInputs(files, sizes);
    }

    private static Map<String, Long> sizes(TensorFile file) throws IOException {
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            part.tensors().forEach(name -> sizes.putIfAbsent(name, 0L));
            if (part.values() >= 0 && part.tensors().size() == 1) {
                sizes.merge(part.tensors().get(0), part.values(), Long::sum);
            } else {
                part.read((name, block, offset, length) -> {
                    sizes.merge(name, (long) length, Long::sum);
                    return true;
                });
            }
        }
        for (Map.Entry<String, Long> entry : sizes.entrySet()) {
            if (entry.getValue() == 0) {
                throw new FormatException(
                        file.path() + ": tensor " + entry.getKey() + " must have at least one value, was without any");
            }
        }
        return sizes;
    }

    /** The tensors by name, in the order met, with the number of their values. */
    Map<String, Long> sizes() {
        return sizes;
    }

    /** Values of all tensors together. */
    long totalSize() {
        return sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Reads all files once, from the first to the last. */
    void stream(Progress progress, Visitor visitor) throws IOException {
        float[] piece = new float[BLOCK];
        for (TensorFile file : files) {
            String[] open = {null};
            for (TensorPart part : file.parts()) {
                part.read((tensor, block, offset, length) -> {
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
