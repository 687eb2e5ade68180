// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.models;

import dev.octant.calibration.run.SummaryFile;
import dev.octant.observers.HistogramSummary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What was seen of a model's activations, from a file. */
final class ModelSummaries {
    private ModelSummaries() {}

    static Map<String, HistogramSummary> read(Path file) throws IOException {
        Map<String, HistogramSummary> summaries = new LinkedHashMap<>();
        try (SummaryFile.Reader reader = SummaryFile.open(file)) {
            while (reader.next()) {
                summaries.put(reader.name(), reader.summary().values());
            }
        }
        return summaries;
    }
}
