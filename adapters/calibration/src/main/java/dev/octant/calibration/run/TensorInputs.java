// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.LongTable;
import dev.octant.formats.VisibleText;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import org.apache.commons.lang3.Validate;

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
    private final List<Path> folders;
    private final List<String> unusedSkips;
    private final int named;
    private long totalSize;
    private long longestArray;
    private long heldLength;

    private TensorInputs(Opening opening, List<LeftOut> leftOut) {
        sources = opening.sources;
        tensors = opening.tensors;
        this.leftOut = List.copyOf(leftOut);
        repeated = List.copyOf(opening.repeated);
        folders = List.copyOf(opening.folders);
        unusedSkips = opening.choice.unusedSkips(opening.met);
        named = opening.named;
    }

    /**
     * A file as it was before it was read.
     *
     * @param file with the names that stand in it
     * @param names of the tensors, by those in the file
     */
    private record Source(InputFile state, TensorFile file, Map<String, String> names) {
        /** Reads a part whole; what was read is what was there all the time. */
        void read(TensorPart part, TensorPart.Visitor visitor) throws IOException {
            part.read(visitor);
            state.requireUnchanged();
        }

        /** The file with the names of the tensors. */
        TensorFile named() {
            if (names.entrySet().stream().allMatch(name -> name.getKey().equals(name.getValue()))) {
                return file;
            }
            // By another pattern another array of the file may have the same name.
            String arrays = String.format("of arrays %08x", Work.names(file.parts()));
            return file.withParts(file.parts().stream()
                            .map(part -> (TensorPart) new NamedPart(part, names))
                            .toList())
                    .readBy(arrays);
        }

        /**
         * Names in the file that are read at a time: all of a part but where two of them are one tensor, whose arrays
         * come one after the other.
         */
        List<Set<String>> passes(TensorPart part) {
            List<Set<String>> passes = new ArrayList<>();
            Map<String, Integer> met = new HashMap<>();
            for (String name : part.tensors()) {
                int pass = met.merge(names.get(name), 1, Integer::sum) - 1;
                if (pass == passes.size()) {
                    passes.add(new LinkedHashSet<>());
                }
                passes.get(pass).add(name);
            }
            return passes;
        }
    }

    /** A part with the names of the tensors: one of them as often as the part has arrays of it. */
    private static final class NamedPart extends TensorPart.Forwarding {
        private final Map<String, String> names;

        /** {@code names} of the tensors, by those in the file. */
        NamedPart(TensorPart part, Map<String, String> names) {
            super(part);
            this.names = names;
        }

        @Override
        public List<String> tensors() {
            return super.tensors().stream().map(names::get).toList();
        }

        @Override
        public void read(TensorPart.Visitor visitor) throws IOException {
            super.read((name, block, offset, length) -> visitor.visit(names.get(name), block, offset, length));
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

    /** All tensors of real values, see {@link #open(List, NamePattern, TensorChoice, boolean)}. */
    public static TensorInputs open(List<Path> inputs) throws IOException {
        return open(inputs, TensorChoice.ALL, false);
    }

    /** The tensors that are wanted, by the names in the files. */
    public static TensorInputs open(List<Path> inputs, TensorChoice choice, boolean bytesAsValues) throws IOException {
        return open(inputs, NamePattern.WHOLE, choice, bytesAsValues);
    }

    /**
     * Finds the files and reads every header, so that what cannot be read is known before anything is computed. A
     * tensor of another type, or that is known to have no value, is {@linkplain #leftOut left out}.
     *
     * @param inputs files, or folders of them, see {@link TensorFiles#find}; at least one
     * @param names which part of a name in a file is that of the tensor; all else here, the choice too, is by the names
     *     of the tensors
     * @param choice which tensors are wanted; the others are not looked at
     * @param bytesAsValues whether arrays of int8 and uint8 in NumPy files are taken as the numbers they are
     * @throws FormatException if a file cannot be read, no tensor is left, or one would have a name that cannot be
     *     printed
     * @throws IllegalArgumentException if no input is given, a pattern of the choice matches no tensor, the choice
     *     leaves none, or the pattern of names matches no name
     */
    public static TensorInputs open(List<Path> inputs, NamePattern names, TensorChoice choice, boolean bytesAsValues)
            throws IOException {
        return open(inputs, Optional.empty(), names, choice, bytesAsValues);
    }

    /**
     * The same of files that are long tables, if {@code table} is given: names in a file are then those in its rows,
     * and all names are read here. Samples of such tables are not known.
     *
     * @throws FormatException as {@link #open(List, NamePattern, TensorChoice, boolean)} does, or if a file has not the
     *     columns or is no table
     * @throws IllegalArgumentException as {@link #open(List, NamePattern, TensorChoice, boolean)} does
     */
    public static TensorInputs open(
            List<Path> inputs, Optional<LongTable> table, NamePattern names, TensorChoice choice, boolean bytesAsValues)
            throws IOException {
        Validate.notNull(table, "table must be given or empty, was null");
        Validate.notNull(inputs, "inputs must be given, was null");
        Validate.notNull(names, "names must be given, was null");
        Validate.notNull(choice, "choice must be given, was null");
        Validate.isTrue(!inputs.isEmpty(), "inputs must be at least one, was none");
        Opening opening = new Opening(table, names, choice, bytesAsValues);
        for (Path input : inputs) {
            for (Path path : TensorFiles.find(input)) {
                opening.add(path);
            }
            opening.folders.addAll(TensorFiles.folders(input));
        }
        Set<Path> given = inputs.stream().map(TensorInputs::place).collect(Collectors.toSet());
        opening.folders.removeIf(folder -> given.contains(place(folder)));
        opening.requireNamed();
        choice.requireUsed(opening.met);
        choice.requireLeft(opening.met);
        List<LeftOut> leftOut = opening.leftOut();
        if (opening.tensors.isEmpty()) {
            throw new FormatException(inputs.get(0) + ": " + LeftOut.nothingLeft(leftOut));
        }
        TensorInputs opened = new TensorInputs(opening, leftOut);
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

    private static Path place(Path path) {
        return path.toAbsolutePath().normalize();
    }

    /** What is found while files are opened. */
    private static final class Opening {
        private final Optional<LongTable> table;
        private final NamePattern names;
        private final TensorChoice choice;
        private final boolean bytesAsValues;
        private final List<Source> sources = new ArrayList<>();
        private final Set<String> tensors = new LinkedHashSet<>();

        /** All tensors, wanted or not. */
        private final Set<String> met = new LinkedHashSet<>();

        /** Arrays whose name the pattern matches. */
        private int named;

        /** By tensor and reason: what is left out of many files is said once. */
        private final Map<List<String>, LeftOut> leftOut = new LinkedHashMap<>();

        private final Map<String, LeftOut> empty = new LinkedHashMap<>();

        /** The tensors that were read of a file, by what tells it from others. */
        private final Map<Object, Set<String>> known = new HashMap<>();

        private final List<Path> repeated = new ArrayList<>();
        private final List<Path> folders = new ArrayList<>();

        Opening(Optional<LongTable> table, NamePattern names, TensorChoice choice, boolean bytesAsValues) {
            this.table = table;
            this.names = names;
            this.choice = choice;
            this.bytesAsValues = bytesAsValues;
        }

        void add(Path path) throws IOException {
            InputFile state = InputFile.of(path);
            Map<String, String> byName = new HashMap<>();
            TensorSelection wanted = new TensorSelection(name -> isWanted(path, name, byName), bytesAsValues);
            TensorFile file =
                    table.isPresent() ? TensorFiles.open(path, table.get(), wanted) : TensorFiles.open(path, wanted);
            requirePrintable(path, byName.values());
            List<TensorPart> parts = new ArrayList<>();
            Set<String> read = new LinkedHashSet<>();
            for (TensorPart part : file.parts()) {
                List<String> own = part.tensors().stream().map(byName::get).toList();
                if (part.values() == 0) {
                    own.forEach(name -> empty.putIfAbsent(name, LeftOut.of(path, name, NO_VALUES)));
                } else {
                    parts.add(part);
                    tensors.addAll(own);
                    read.addAll(own);
                }
            }
            Set<String> before = known.computeIfAbsent(
                    state.identity() == null ? place(path) : state.identity(), none -> new HashSet<>());
            // By another name, a file of one array is another tensor.
            if (!Collections.disjoint(before, read)) {
                repeated.add(path);
            }
            before.addAll(read);
            for (LeftOut left : file.leftOut()) {
                // What has no name there has none here.
                String name = byName.getOrDefault(left.tensor(), left.tensor());
                leftOut.putIfAbsent(List.of(name, left.reason()), new LeftOut(name, left.file(), left.reason()));
            }
            sources.add(new Source(state, file.withParts(parts), byName));
        }

        private boolean isWanted(Path path, String name, Map<String, String> byName) {
            Optional<String> found = names.in(path, name);
            if (found.isPresent() && byName.put(name, found.get()) == null) {
                named++;
            }
            String tensor = byName.computeIfAbsent(name, same -> same);
            met.add(tensor);
            return choice.has(tensor);
        }

        /** Names in files were looked at when they were read; a folder's, or a part of a name, was not. */
        private static void requirePrintable(Path path, Collection<String> names) throws FormatException {
            for (String name : names) {
                if (!VisibleText.isPrintable(name)) {
                    throw new FormatException(path + ": name of a tensor must have visible characters and no control"
                            + " characters, was \"" + VisibleText.of(name) + "\" by the pattern of names");
                }
            }
        }

        void requireNamed() {
            Validate.isTrue(
                    named > 0 || met.isEmpty(),
                    "pattern of names must match one of the inputs, was '%s', where they are %s",
                    names,
                    met.stream().limit(3).map(VisibleText::of).collect(Collectors.joining(", "))
                            + (met.size() > 3 ? " and others" : ""));
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
        return sources.stream().map(Source::named).toList();
    }

    /** How many arrays have a name that the pattern of names matches: all where that is {@link NamePattern#WHOLE}. */
    public int named() {
        return named;
    }

    /** The tensors that are not read, in the order met: of other types, and without values. */
    public List<LeftOut> leftOut() {
        return leftOut;
    }

    /**
     * Files with tensors that are read of them more than once, by the paths after the first: their values count as
     * often.
     */
    public List<Path> repeated() {
        return repeated;
    }

    /** Patterns of names to skip that match no tensor, see {@link TensorChoice#unusedSkips}. */
    public List<String> unusedSkips() {
        return unusedSkips;
    }

    /** Folders in the folders that were given, and not given themselves: what they hold is not read. */
    public List<Path> folders() {
        return folders;
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
     * in turns. A text with several columns of one tensor is read as often as it has the most of them.
     *
     * @param progress is told how many values were read since it was told last
     */
    public void stream(LongConsumer progress, Visitor visitor) throws IOException {
        Given.require("progress", progress);
        Given.require("visitor", visitor);
        float[] piece = new float[BLOCK];
        for (Source source : sources) {
            for (List<TensorPart> parts : arrays(source.file())) {
                for (Set<String> pass : source.passes(parts.get(0))) {
                    stream(source, parts, pass, piece, progress, visitor);
                }
            }
        }
    }

    private static void stream(
            Source source,
            List<TensorPart> parts,
            Set<String> names,
            float[] piece,
            LongConsumer progress,
            Visitor visitor)
            throws IOException {
        Set<String> open = new LinkedHashSet<>();
        for (TensorPart part : parts) {
            source.read(part, (name, block, offset, length) -> {
                if (!names.contains(name)) {
                    return true;
                }
                String tensor = source.names().get(name);
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

    /** The parts of each array together, where a file has them apart: row groups have a part of every column. */
    private static Collection<List<TensorPart>> arrays(TensorFile file) {
        Map<List<String>, List<TensorPart>> arrays = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            arrays.computeIfAbsent(part.tensors(), tensors -> new ArrayList<>()).add(part);
        }
        return arrays.values();
    }
}
