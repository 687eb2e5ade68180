// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * The tensors of files and folders: what a {@link CalibrationRun} reads on several threads, and what is streamed here
 * in order, block by block, as often as asked. Tensors of one name are one tensor, in the order of the files.
 *
 * <p>A file is as it was when it was opened: one that has changed since is refused, with what was read of it. No file
 * is kept open. Not thread safe.
 */
public final class TensorInputs {
    /** The most values a visitor is given at a time. */
    public static final int BLOCK = 1 << 14;

    /**
     * What reading takes of the heap at the most: blocks, what unpacks them, and values kept until there are enough.
     */
    public static final long READ_BYTES = 6 << 20;

    private final List<Source> sources;
    private final Set<String> tensors;
    private long totalSize;
    private long longestArray;
    private long heldLength;

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
    public interface Visitor {
        /** Takes {@code block[0 .. length)}. */
        void visit(String tensor, float[] block, int length);

        /**
         * An array of a tensor begins: all values that a file has of it, whatever else the file holds and in which
         * turns. {@code sampleLength} of its values make a sample, 0 where that is not known.
         */
        default void begin(String tensor, long sampleLength) {}

        /** The array ends. */
        default void end(String tensor) {}
    }

    /**
     * Finds the files and reads every header, so that what cannot be read is refused before anything is computed.
     *
     * @param inputs files, or folders of them, see {@link TensorFiles#find}; at least one
     * @throws FormatException if a file cannot be read, holds a tensor that is known to have no value, or none holds
     *     a tensor
     */
    public static TensorInputs open(List<Path> inputs) throws IOException {
        List<Source> sources = new ArrayList<>();
        Set<String> tensors = new LinkedHashSet<>();
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                InputFile state = InputFile.of(path);
                TensorFile file = TensorFiles.open(path);
                sources.add(new Source(state, file));
                for (TensorPart part : file.parts()) {
                    if (part.values() == 0) {
                        throw empty(path, String.join(", ", part.tensors()));
                    }
                    tensors.addAll(part.tensors());
                }
            }
        }
        if (tensors.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": input must hold at least one tensor, had none");
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

    private static FormatException empty(Path path, String tensor) {
        return new FormatException(path + ": tensor " + tensor + " must have at least one value, was without any");
    }

    /**
     * Counts the values. Where only reading tells how many there are, the file is read.
     *
     * @throws FormatException if a file cannot be read, or holds a tensor without values
     */
    public void count() throws IOException {
        totalSize = 0;
        for (Source source : sources) {
            for (long size : sizes(source).values()) {
                totalSize += size;
            }
        }
    }

    private void lengthen(long array) {
        longestArray = Math.max(longestArray, array);
        heldLength = Math.max(heldLength, longestArray);
    }

    private Map<String, Long> sizes(Source source) throws IOException {
        TensorFile file = source.file();
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            part.tensors().forEach(name -> sizes.putIfAbsent(name, 0L));
            boolean isAlone = part.tensors().size() == 1;
            if (part.values() >= 0 && isAlone) {
                sizes.merge(part.tensors().get(0), part.values(), Long::sum);
            } else {
                source.read(part, (name, block, offset, length) -> {
                    sizes.merge(name, (long) length, Long::sum);
                    return true;
                });
                if (!isAlone) {
                    heldLength = Math.max(
                            heldLength,
                            part.tensors().stream().mapToLong(sizes::get).sum());
                }
            }
        }
        sizes.values().forEach(this::lengthen);
        for (Map.Entry<String, Long> entry : sizes.entrySet()) {
            if (entry.getValue() == 0) {
                throw empty(file.path(), entry.getKey());
            }
        }
        return sizes;
    }

    /** All files. */
    public List<TensorFile> files() {
        return sources.stream().map(Source::file).toList();
    }

    /** Names of the tensors, in the order met. */
    public Set<String> tensors() {
        return Collections.unmodifiableSet(tensors);
    }

    /** How many tensors there are, in words: {@code 1 tensor}. */
    public String countOfTensors() {
        return tensors.size() + (tensors.size() == 1 ? " tensor" : " tensors");
    }

    /** Values of all tensors together, once they were counted. */
    public long totalSize() {
        return totalSize;
    }

    /**
     * The most values that one array of a tensor has; before they were counted, of those whose length the files
     * state, 0 where none does.
     */
    public long longestArray() {
        return longestArray;
    }

    /**
     * The most values of arrays that are open at a time in {@link #stream}, as far as {@link #longestArray} is known:
     * an array alone, or all columns of a text, which come in turns.
     */
    public long heldLength() {
        return heldLength;
    }

    /**
     * Reads all files once, from the first to the last: of each file one array after the other, the columns of a text
     * in turns.
     *
     * @param progress is told how many values were read since it was told last
     */
    public void stream(LongConsumer progress, Visitor visitor) throws IOException {
        float[] piece = new float[BLOCK];
        for (Source source : sources) {
            for (List<TensorPart> parts : arrays(source.file())) {
                Set<String> open = new LinkedHashSet<>();
                for (TensorPart part : parts) {
                    source.read(part, (tensor, block, offset, length) -> {
                        if (open.add(tensor)) {
                            visitor.begin(tensor, part.sampleLength());
                        }
                        for (int done = 0; done < length; ) {
                            int count = Math.min(BLOCK, length - done);
                            System.arraycopy(block, offset + done, piece, 0, count);
                            visitor.visit(tensor, piece, count);
                            done += count;
                        }
                        progress.accept(length);
                        return true;
                    });
                }
                open.forEach(visitor::end);
            }
        }
    }

    /** The parts of each array together, where a file has them apart: row groups have a part of every column. */
    private static Collection<List<TensorPart>> arrays(TensorFile file) {
        Map<List<String>, List<TensorPart>> arrays = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            arrays.computeIfAbsent(part.tensors(), tensors -> new ArrayList<>()).add(part);
        }
        return arrays.values();
    }
}
