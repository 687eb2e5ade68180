// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.formats.tensor.TensorSelection;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
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

    private static final String NO_VALUES = "tensor must have at least one value, was without any";

    private final List<Source> sources;
    private final Set<String> tensors;
    private final List<LeftOut> leftOut;
    private final List<Path> repeated;
    private long totalSize;
    private long longestArray;
    private long heldLength;

    private TensorInputs(List<Source> sources, Set<String> tensors, List<LeftOut> leftOut, List<Path> repeated) {
        this.sources = sources;
        this.tensors = tensors;
        this.leftOut = List.copyOf(leftOut);
        this.repeated = List.copyOf(repeated);
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

    /** All tensors of real values, see {@link #open(List, TensorChoice, boolean)}. */
    public static TensorInputs open(List<Path> inputs) throws IOException {
        return open(inputs, TensorChoice.ALL, false);
    }

    /**
     * Finds the files and reads every header, so that what cannot be read is known before anything is computed. A
     * tensor of another type, or that is known to have no value, is {@linkplain #leftOut left out}.
     *
     * @param inputs files, or folders of them, see {@link TensorFiles#find}; at least one
     * @param choice which tensors are wanted; the others are not looked at
     * @param bytesAsValues whether arrays of int8 and uint8 in NumPy files are taken as the numbers they are
     * @throws FormatException if a file cannot be read, or no tensor is left
     * @throws IllegalArgumentException if a pattern of the choice matches no tensor
     */
    public static TensorInputs open(List<Path> inputs, TensorChoice choice, boolean bytesAsValues) throws IOException {
        Opening opening = new Opening(choice, bytesAsValues);
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                opening.add(path);
            }
        }
        choice.requireUsed(opening.met);
        List<LeftOut> leftOut = opening.leftOut();
        if (opening.tensors.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": " + LeftOut.nothingLeft(leftOut));
        }
        TensorInputs opened = new TensorInputs(opening.sources, opening.tensors, leftOut, opening.repeated);
        for (Source source : opening.sources) {
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

    /** What is found while files are opened. */
    private static final class Opening {
        private final TensorChoice choice;
        private final TensorSelection wanted;
        private final List<Source> sources = new ArrayList<>();
        private final Set<String> tensors = new LinkedHashSet<>();
        private final Set<String> met = new HashSet<>();

        /** By tensor and reason: what is left out of many files is said once. */
        private final Map<List<String>, LeftOut> leftOut = new LinkedHashMap<>();

        private final Map<String, LeftOut> empty = new LinkedHashMap<>();
        private final Set<Object> known = new HashSet<>();
        private final List<Path> repeated = new ArrayList<>();

        Opening(TensorChoice choice, boolean bytesAsValues) {
            this.choice = choice;
            wanted = new TensorSelection(this::isWanted, bytesAsValues);
        }

        private boolean isWanted(String name) {
            met.add(name);
            return choice.has(name);
        }

        void add(Path path) throws IOException {
            InputFile state = InputFile.of(path);
            if (!known.add(state.identity() == null ? path.toAbsolutePath().normalize() : state.identity())) {
                repeated.add(path);
            }
            TensorFile file = TensorFiles.open(path, wanted);
            List<TensorPart> parts = new ArrayList<>();
            for (TensorPart part : file.parts()) {
                if (part.values() == 0) {
                    part.tensors().forEach(name -> empty.putIfAbsent(name, LeftOut.of(path, name, NO_VALUES)));
                } else {
                    parts.add(part);
                    tensors.addAll(part.tensors());
                }
            }
            for (LeftOut left : file.leftOut()) {
                leftOut.putIfAbsent(List.of(left.tensor(), left.reason()), left);
            }
            sources.add(new Source(state, TensorFile.of(path, parts)));
        }

        /** An array without values costs nothing where others of its tensor have some. */
        List<LeftOut> leftOut() {
            List<LeftOut> all = new ArrayList<>(leftOut.values());
            empty.forEach((name, left) -> {
                if (!tensors.contains(name)) {
                    all.add(left);
                }
            });
            return all;
        }
    }

    /**
     * Counts the values. Where only reading tells how many there are, the file is read.
     *
     * @throws FormatException if a file cannot be read
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
        return sizes;
    }

    /** All files. */
    public List<TensorFile> files() {
        return sources.stream().map(Source::file).toList();
    }

    /** The tensors that are not read, in the order met: of other types, and without values. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /** Files that are read more than once, by the paths after the first: their values count as often. */
    public List<Path> repeated() {
        return repeated;
    }

    /** Names of the tensors, in the order met. */
    public Set<String> tensors() {
        return Collections.unmodifiableSet(tensors);
    }

    /** How many tensors there are, in words: {@code 1 tensor}. */
    public String countOfTensors() {
        return Numbers.counted(tensors.size(), "tensor");
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
