// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantParams;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A calibration table ready to be written for another tool, and what its file will not hold. Immutable and thread safe.
 *
 * <p>Losses are found by comparing, tensor by tensor, the table with what a reader of the file will find.
 */
public final class TableExport {
    private final CalibrationFile held;
    private final Optional<String> change;
    private final List<String> losses;
    private final AtomicFile.Content content;

    private TableExport(
            CalibrationFile held, Optional<String> change, List<String> losses, AtomicFile.Content content) {
        this.held = held;
        this.change = change;
        this.losses = List.copyOf(losses);
        this.content = content;
    }

    static TableExport of(String format, TableCodec codec, CalibrationFile file) {
        Map<String, CalibrationTable.Entry> entries = new LinkedHashMap<>();
        UnaryOperator<CalibrationTable.Entry> holding = codec.held(file);
        file.table().entries().forEach((name, entry) -> entries.put(name, held(holding, name, entry)));
        CalibrationFile held = new CalibrationFile(
                codec.heldTool(file), codec.heldScheme(file), codec.heldPolicy(file), CalibrationTable.of(entries));
        Differences differences = new Differences(file, held);
        List<String> losses = differences.sentences(format);
        if (differences.areAny()) {
            losses.addAll(codec.remarks(file));
        }
        return new TableExport(held, differences.change(), losses, codec.content(held));
    }

    private static CalibrationTable.Entry held(
            UnaryOperator<CalibrationTable.Entry> holding, String name, CalibrationTable.Entry entry) {
        String shown = VisibleText.of(name);
        if (!entry.range().isFinite()) {
            throw new IllegalArgumentException(shown + ": range must be finite to be written, was " + entry.range());
        }
        CalibrationTable.Entry held;
        try {
            held = holding.apply(entry);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(shown + ": " + e.getMessage(), e);
        }
        if (!held.range().isFinite()) {
            throw new IllegalArgumentException(
                    shown + ": range must be finite as floats to be written, was " + entry.range());
        }
        return held;
    }

    /** The table that a reader of the file will find. */
    public CalibrationFile held() {
        return held;
    }

    /**
     * What of scales and zero points another will stand in the file, as a sentence without an end; empty when every
     * tensor keeps its real values for codes.
     */
    public Optional<String> change() {
        return change;
    }

    /** What of the table will not be in the file, each a sentence; none when it holds everything. */
    public List<String> losses() {
        return losses;
    }

    /**
     * Writes the file, all at once or not at all; see {@link AtomicFile}.
     *
     * @throws FormatException if the target cannot be written
     */
    public void write(Path target) throws IOException {
        AtomicFile.write(target, content);
    }

    /** The bytes of the file. */
    byte[] content() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        content.writeTo(out);
        return out.toByteArray();
    }

    /** What a table has and the file has not. */
    private static final class Differences {
        private final Tally changed = new Tally();
        private final Tally relabelled = new Tally();
        private final Tally ranges = new Tally();
        private final TreeSet<String> dropped = new TreeSet<>();

        Differences(CalibrationFile file, CalibrationFile held) {
            file.table()
                    .entries()
                    .forEach((name, entry) -> add(name, entry, held.table().entry(name)));
            note("tool", file.tool(), held.tool());
            note("scheme", file.scheme(), held.scheme());
            note("policy", file.policy(), held.policy());
        }

        private void add(String name, CalibrationTable.Entry entry, CalibrationTable.Entry held) {
            if (!grid(entry.params()).equals(grid(held.params()))) {
                changed.add(name, entry.params(), held.params());
            } else if (!entry.params().equals(held.params())) {
                relabelled.add(name, entry.params(), held.params());
            }
            if (!entry.range().equals(held.range())) {
                ranges.add(name, entry.range(), held.range());
            }
            note("method", entry.method(), held.method());
            note("observed values", entry.values(), held.values());
            note("digest", entry.digest(), held.digest());
            note("consumer", entry.consumer(), held.consumer());
        }

        private void note(String what, Object ours, Object theirs) {
            if (!Objects.equals(ours, theirs)) {
                dropped.add(what);
            }
        }

        /** The real values of the codes: the same for int8 and uint8 where their codes are 128 apart. */
        private static List<Object> grid(QuantParams params) {
            return List.of(params.scale(), params.type().isSigned() ? params.zeroPoint() : params.zeroPoint() - 128);
        }

        boolean areAny() {
            return changed.count > 0 || relabelled.count > 0 || ranges.count > 0 || !dropped.isEmpty();
        }

        Optional<String> change() {
            return changed.count == 0 ? Optional.empty() : Optional.of(changed.text());
        }

        List<String> sentences(String format) {
            List<String> sentences = new ArrayList<>();
            if (changed.count > 0) {
                sentences.add("other parameters: " + changed.text());
            }
            if (relabelled.count > 0) {
                sentences.add("codes of another type, the same real values: " + relabelled.text());
            }
            if (ranges.count > 0) {
                sentences.add("another range: " + ranges.text());
            }
            if (!dropped.isEmpty()) {
                sentences.add("not held by " + format + ": " + String.join(", ", dropped));
            }
            return sentences;
        }
    }

    /** How many tensors differ, and how the first one does. */
    private static final class Tally {
        private int count;
        private String first = "";

        void add(String name, Object ours, Object theirs) {
            if (count++ == 0) {
                first = VisibleText.of(name) + " has " + ours + " here and " + theirs + " there";
            }
        }

        String text() {
            return Numbers.counted(count, "tensor") + "; " + first;
        }
    }
}
