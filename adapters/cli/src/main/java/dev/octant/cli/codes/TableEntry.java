// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.codes;

import dev.octant.cli.words.ShownNames;
import dev.octant.core.Profile;
import dev.octant.core.internal.text.Suggestion;
import dev.octant.formats.VisibleText;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationTable;
import dev.octant.ops.QuantizedActivation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** A tensor of a calibration table, in place of the scales and zero points that it holds. */
final class TableEntry {
    /** So many names are listed; tables may have many thousands. */
    private static final int MOST_NAMES = 20;

    @Option(
            names = "--from",
            paramLabel = "table.json",
            description = "Take scales, zero points, type and op from this calibration table, as calibrate -o writes"
                    + " it.")
    private Path table;

    @Option(
            names = "--tensor",
            paramLabel = "NAME",
            description = "The tensor of the table of --from; of a table with one tensor only, that one.")
    private String tensor;

    /** Whether a table is given; a tensor without one is refused. */
    boolean isGiven() {
        if (table == null && tensor != null) {
            throw new IllegalArgumentException("--tensor must be given with --from, was without");
        }
        return table != null;
    }

    /** The file that is read. */
    Path file() {
        return table;
    }

    /** Whether one tensor was named. */
    boolean isOfOne() {
        return tensor != null;
    }

    /** All tensors of the table. */
    Map<String, CalibrationTable.Entry> entries() throws IOException {
        Map<String, CalibrationTable.Entry> entries =
                CalibrationFile.read(table).table().entries();
        if (entries.isEmpty()) {
            throw new IllegalArgumentException(table + ": table must have a tensor, had none");
        }
        return entries;
    }

    /** The tensor and what was decided for it. */
    Map.Entry<String, CalibrationTable.Entry> entry() throws IOException {
        Map<String, CalibrationTable.Entry> entries = entries();
        if (tensor == null && entries.size() == 1) {
            return entries.entrySet().iterator().next();
        }
        String names = ShownNames.first(entries.keySet(), MOST_NAMES);
        if (tensor == null) {
            throw new IllegalArgumentException(
                    "--tensor must say which tensor of " + table + ", one of " + names + ", was missing");
        }
        CalibrationTable.Entry entry = entries.get(tensor);
        if (entry == null) {
            throw new IllegalArgumentException("--tensor must be one of " + table + ", which has " + names + ", was '"
                    + tensor + "'" + Suggestion.of(tensor, entries.keySet()));
        }
        return Map.entry(tensor, entry);
    }

    /** The output of the op that reads the tensor. */
    CalibrationTable.Consumer consumer(Map.Entry<String, CalibrationTable.Entry> entry) {
        return entry.getValue()
                .consumer()
                .orElseThrow(() -> new IllegalArgumentException(table + ": tensor "
                        + VisibleText.whole(entry.getKey())
                        + " must have the op that reads it, as calibrate --op writes it, had none"));
    }

    /** The op that reads the tensor as a table. */
    QuantizedActivation compile(Map.Entry<String, CalibrationTable.Entry> entry, Profile profile) {
        CalibrationTable.Consumer consumer = consumer(entry);
        return QuantizedActivation.compile(consumer.op(), entry.getValue().params(), consumer.params(), profile);
    }
}
