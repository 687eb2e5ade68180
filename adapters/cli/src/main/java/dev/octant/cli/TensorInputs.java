package dev.octant.cli;

import dev.octant.formats.ArrayFiles;
import dev.octant.formats.ArrayHeader;
import dev.octant.formats.ArrayReader;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The float arrays of the files a command was given, streamed block by block as often as asked. Arrays of one name are
 * one stream, in the order of the files.
 */
final class TensorInputs {
    /** The most values a visitor is given at a time. */
    static final int BLOCK = 1 << 14;

    private final List<Path> files;
    private final Map<String, Long> sizes;

    private TensorInputs(List<Path> files, Map<String, Long> sizes) {
        this.files = files;
        this.sizes = sizes;
    }

    /** Receives the values of a tensor, a block at a time; the block is reused. */
    @FunctionalInterface
    interface Visitor {
        void visit(String tensor, float[] block, int length);
    }

    /**
     * Finds the files and reads every header, so that what cannot be read is refused before anything is computed.
     *
     * @throws FormatException if a file cannot be read, or holds an array that is empty or not of floats
     */
    static TensorInputs open(List<Path> inputs) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path input : inputs) {
            files.addAll(ArrayFiles.find(input));
        }
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (Path file : files) {
            try (ArrayReader reader = ArrayReader.open(file)) {
                while (reader.next()) {
                    ArrayHeader header = reader.header();
                    String where = file + ": array " + header.name();
                    if (!header.type().isFloat()) {
                        throw new FormatException(where + " must be float16, float32 or float64, was " + header.type());
                    }
                    if (header.size() == 0) {
                        throw new FormatException(
                                where + " must have at least one value, was of shape " + header.shapeText());
                    }
                    sizes.merge(header.name(), header.size(), Long::sum);
                }
            }
        }
        if (sizes.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": input must hold at least one array, had none");
        }
        return new TensorInputs(files, sizes);
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
        float[] block = new float[BLOCK];
        for (Path file : files) {
            try (ArrayReader reader = ArrayReader.open(file)) {
                while (reader.next()) {
                    for (int n; (n = reader.readFloats(block)) > 0; ) {
                        visitor.visit(reader.header().name(), block, n);
                        progress.advance(n);
                    }
                }
            }
        }
    }
}
