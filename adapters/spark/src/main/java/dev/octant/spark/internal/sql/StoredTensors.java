// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.spark.internal.files.FileColumns;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Which tensors the files of a wide table have, each by itself: in the table of all, a column is NULL where a file has
 * it not. Not thread safe while it is made, immutable then.
 */
public final class StoredTensors {
    /**
     * A column, or a field of one.
     *
     * @param isRequired whether every row has just one value of it
     * @param file the first file that has it
     */
    private record Leaf(DataType type, boolean isRequired, String file) {
        boolean isTensor() {
            return ReadValues.obstacle(type).isEmpty();
        }
    }

    private final boolean isCaseSensitive;
    private final Map<String, Leaf> known = new HashMap<>();

    /** Names of tensors by what Spark takes for the same. */
    private final Map<String, String> folded = new HashMap<>();

    private final Set<String> filled = new HashSet<>();
    private final Set<String> empty = new HashSet<>();

    private StoredTensors(boolean isCaseSensitive) {
        this.isCaseSensitive = isCaseSensitive;
    }

    /**
     * The tensors of some files.
     *
     * @param isCaseSensitive whether Spark tells names apart that differ in the case of letters alone
     * @throws IllegalArgumentException that names a file and the column, if a tensor has another type in one of them,
     *     or a name that Spark takes for another
     */
    public static StoredTensors of(List<FileColumns> files, boolean isCaseSensitive) {
        StoredTensors stored = new StoredTensors(isCaseSensitive);
        for (FileColumns file : files) {
            Map<String, Leaf> own = new LinkedHashMap<>();
            for (StructField field : file.schema().fields()) {
                addLeaves(own, field.name(), field.dataType(), !field.nullable(), file.file());
            }
            own.forEach((name, leaf) -> stored.add(file, name, leaf));
        }
        return stored;
    }

    private static void addLeaves(
            Map<String, Leaf> leaves, String name, DataType type, boolean isRequired, String file) {
        DataType element = type;
        while (element instanceof ArrayType array) {
            element = array.elementType();
        }
        boolean isOne = isRequired && !(type instanceof ArrayType);
        if (element instanceof StructType struct) {
            for (StructField field : struct.fields()) {
                addLeaves(leaves, name + "." + field.name(), field.dataType(), isOne && !field.nullable(), file);
            }
        } else {
            leaves.put(name, new Leaf(type, isOne, file));
        }
    }

    private void add(FileColumns file, String name, Leaf leaf) {
        Leaf other = known.putIfAbsent(name, leaf);
        if (other != null
                && (leaf.isTensor() || other.isTensor())
                && !leaf.type().sql().equals(other.type().sql())) {
            throw new IllegalArgumentException(
                    file.file() + ": column " + name + " must have one type in all files, was "
                            + leaf.type().sql() + ", and " + other.type().sql() + " in " + other.file());
        }
        if (leaf.isTensor() && !isCaseSensitive) {
            String before = folded.put(name.toLowerCase(Locale.ROOT), name);
            if (before != null && !before.equals(name)) {
                throw new IllegalArgumentException(file.file() + ": table must have columns whose names Spark can tell"
                        + " apart, had " + name + ", and " + before + " in "
                        + known.get(before).file() + " (spark.sql.caseSensitive is false)");
            }
        }
        // As one machine has it, to which a row group without rows is one where values may be missing.
        if (file.hasRows() || (file.hasGroups() && !leaf.isRequired())) {
            filled.add(name);
        } else if (file.hasGroups()) {
            empty.add(name);
        }
    }

    /** Whether a file has rows of a tensor; that all are NULL is no matter. */
    boolean isFilled(String tensor) {
        return filled.contains(tensor);
    }

    /** What is said of a tensor that is not filled; nothing of one that has not even a group of no rows. */
    Optional<String> obstacle(String tensor) {
        return empty.contains(tensor)
                ? Optional.of("tensor must have at least one value, was without any")
                : Optional.empty();
    }
}
