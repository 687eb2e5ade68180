// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.internal.text.Given;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * A table that was read from a file of another tool, and what the table does not hold of it. Immutable and thread safe.
 *
 * @param file the table
 * @param losses what is in the file and not in the table, each a sentence; none when the table holds it all
 */
public record TableImport(CalibrationFile file, List<String> losses) {
    public TableImport {
        Given.require("losses", losses);
        Validate.notNull(file, "file must be given, was null");
        losses = List.copyOf(losses);
    }
}
