// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32C;
import org.apache.commons.lang3.Validate;

/** All parts of all files, numbered in their order, and the rounds in which they are read. Immutable. */
final class Work {
    /** Parts with fewer values are read together with others of their tensor, up to so many. */
    static final long UNIT_VALUES = 1 << 20;

    /** How many further values of every tensor a round has at least, while there are any. */
    static final long ROUND_VALUES = 1 << 20;

    private final List<TensorPart> parts = new ArrayList<>();

    /** The files of the parts, as they were before reading began; null where a part is of no file on disk. */
    private final List<InputFile> sources = new ArrayList<>();

    private final SortedSet<String> tensors = new TreeSet<>();
    private final List<List<Integer>> rounds;
    private final Map<String, Integer> lastRounds = new HashMap<>();
    private final long bytes;

    private Work(List<TensorFile> files, boolean isInRounds) throws IOException {
        for (TensorFile file : files) {
            Given.require("file", file);
            InputFile source = Files.isRegularFile(file.path()) ? InputFile.of(file.path()) : null;
            for (TensorPart part : file.parts()) {
                parts.add(part);
                sources.add(source);
                tensors.addAll(part.tensors());
            }
        }
        for (String tensor : tensors) {
            Validate.notBlank(tensor, "tensor name must not be blank, was '%s'", tensor);
            SummaryFile.requireShort(tensor);
        }
        Validate.isTrue(!tensors.isEmpty(), "inputs must hold at least one tensor, had none");
        bytes = parts.stream().mapToLong(TensorPart::bytes).sum();
        rounds = isInRounds ? cut() : List.of(numbers());
        for (int round = 0; round < rounds.size(); round++) {
            for (int part : rounds.get(round)) {
                for (String tensor : parts.get(part).tensors()) {
                    lastRounds.put(tensor, round);
                }
            }
        }
    }

    /** Everything in one round, in the order of the files. */
    static Work inOrder(List<TensorFile> files) throws IOException {
        return new Work(files, false);
    }

    /**
     * In rounds that each bring every tensor forward: a round ends where it does because of the files alone, so what is
     * known at its end does not depend on threads or speed.
     */
    static Work inRounds(List<TensorFile> files) throws IOException {
        return new Work(files, true);
    }

    private List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            numbers.add(part);
        }
        return numbers;
    }

    private List<List<Integer>> cut() {
        Map<List<String>, List<Integer>> byTensors = new LinkedHashMap<>();
        for (int part = 0; part < parts.size(); part++) {
            byTensors
                    .computeIfAbsent(parts.get(part).tensors(), key -> new ArrayList<>())
                    .add(part);
        }
        List<List<Integer>> cut = new ArrayList<>();
        for (List<Integer> own : byTensors.values()) {
            int round = 0;
            long values = 0;
            for (int part : own) {
                if (round == cut.size()) {
                    cut.add(new ArrayList<>());
                }
                cut.get(round).add(part);
                values += perTensor(parts.get(part));
                if (values >= ROUND_VALUES) {
                    round++;
                    values = 0;
                }
            }
        }
        cut.forEach(Collections::sort);
        return cut;
    }

    private static long perTensor(TensorPart part) {
        long values = part.values() >= 0 ? part.values() : part.bytes() / Float.BYTES;
        return values / Math.max(1, part.tensors().size());
    }

    int size() {
        return parts.size();
    }

    TensorPart part(int number) {
        return parts.get(number);
    }

    /**
     * Looks at the file of a part that was read.
     *
     * @throws dev.octant.formats.FormatException if it is not any more the file that it was before reading began
     */
    void requireUnchanged(int number) throws IOException {
        InputFile source = sources.get(number);
        if (source != null) {
            source.requireUnchanged();
        }
    }

    /** The most parts of a round: more threads than these have nothing to read. */
    int widestRound() {
        return rounds.stream().mapToInt(List::size).max().orElse(0);
    }

    /** Names of all tensors. */
    SortedSet<String> tensors() {
        return tensors;
    }

    /** Numbers of parts, round by round. */
    List<List<Integer>> rounds() {
        return rounds;
    }

    /** The parts of a round as units for one thread each: a part, or several short ones of one tensor. */
    Queue<List<Integer>> units(List<Integer> round) {
        List<List<Integer>> units = new ArrayList<>();
        Map<String, List<Integer>> open = new HashMap<>();
        Map<String, Long> values = new HashMap<>();
        for (int number : round) {
            TensorPart part = parts.get(number);
            if (part.tensors().size() != 1 || part.values() < 0 || part.values() >= UNIT_VALUES) {
                units.add(List.of(number));
                continue;
            }
            String tensor = part.tensors().get(0);
            if (values.getOrDefault(tensor, UNIT_VALUES) + part.values() > UNIT_VALUES) {
                List<Integer> unit = new ArrayList<>();
                units.add(unit);
                open.put(tensor, unit);
                values.put(tensor, 0L);
            }
            open.get(tensor).add(number);
            values.merge(tensor, part.values(), Long::sum);
        }
        return new ConcurrentLinkedQueue<>(units);
    }

    /** The last round in which there is anything of a tensor. */
    int lastRound(String tensor) {
        return lastRounds.get(tensor);
    }

    long bytes() {
        return bytes;
    }

    /** A checksum of the names of each part: files do not tell them where a pattern chooses. */
    int names() {
        return names(parts);
    }

    /** The same of some parts. */
    static int names(List<TensorPart> parts) {
        CRC32C checksum = new CRC32C();
        for (TensorPart part : parts) {
            for (String tensor : part.tensors()) {
                byte[] name = tensor.getBytes(StandardCharsets.UTF_8);
                checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, name.length));
                checksum.update(name, 0, name.length);
            }
            checksum.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, -1));
        }
        return (int) checksum.getValue();
    }
}
