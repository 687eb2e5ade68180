// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.formats.VisibleText;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The columns that files of Parquet have, which are the same in all of these. Immutable and thread safe.
 *
 * @param file the first of them by its name
 * @param schema the columns as Spark reads them; of the type NULL where it does not
 * @param hasGroups whether one of the files has a row group
 * @param hasRows whether one of these has a row
 */
public record FileColumns(String file, StructType schema, boolean hasGroups, boolean hasRows) {
    private static final int MOST_SHOWN = 300;

    /** The column of a name, in its case of letters. */
    public Optional<StructField> column(String name) {
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equals(name))
                .findFirst();
    }

    /** The column of a name that must be there. */
    public StructField required(String name) {
        return column(name)
                .orElseThrow(() -> new IllegalArgumentException(file + ": table must have the column " + name + ", had "
                        + VisibleText.of(
                                Arrays.stream(schema.fields())
                                        .map(field -> field.name() + " "
                                                + field.dataType().sql())
                                        .collect(Collectors.joining(", ")),
                                MOST_SHOWN)));
    }
}
