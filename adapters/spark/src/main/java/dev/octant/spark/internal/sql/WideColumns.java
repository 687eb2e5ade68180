// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.formats.tensor.LeftOut;
import dev.octant.spark.internal.files.FileColumns;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.catalyst.expressions.ExprId;
import org.apache.spark.sql.catalyst.plans.logical.LogicalPlan;
import org.apache.spark.sql.classic.Dataset;
import org.apache.spark.sql.execution.datasources.HadoopFsRelation;
import org.apache.spark.sql.execution.datasources.LogicalRelation;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which columns of a table are tensors: those of floats, doubles, or arrays of them, and such fields of structs, which
 * are called as the way to them, {@code struct.field}. Left out are columns of other types, those that Spark made of
 * the names of folders, and the unnamed index of a table of pandas; of files, also columns of which none has a row.
 * Immutable and thread safe.
 */
public final class WideColumns {
    /** How pandas names a column that holds the unnamed index of a table. */
    private static final Pattern UNNAMED = Pattern.compile("__index_level_[0-9]+__");

    private final List<String> columns = new ArrayList<>();
    private final List<Tensor> tensors = new ArrayList<>();
    private final List<LeftOut> leftOut = new ArrayList<>();
    private final Optional<StoredTensors> stored;
    private boolean withoutRows;

    /**
     * A tensor of a table.
     *
     * @param column its number among the columns that are read
     * @param type of the column
     * @param fields the numbers of the fields of the structs on the way to its values
     */
    record Tensor(String name, int column, DataType type, List<Integer> fields) implements Serializable {}

    private WideColumns(Optional<StoredTensors> stored) {
        this.stored = stored;
    }

    /**
     * The tensors of a table, of which nothing is known but its columns.
     *
     * @throws IllegalArgumentException if Spark cannot tell two columns apart, or two tensors have one name
     */
    public static WideColumns of(Dataset<?> table) {
        return of(table, Optional.empty());
    }

    /**
     * The tensors of a table of files. One is there if a file has rows of it; whether these are NULL is not asked.
     *
     * @throws IllegalArgumentException as {@link #of(Dataset)} and {@link StoredTensors#of} do
     */
    public static WideColumns of(Dataset<?> table, List<FileColumns> files) {
        return of(table, Optional.of(StoredTensors.of(files, isCaseSensitive(table))));
    }

    private static boolean isCaseSensitive(Dataset<?> table) {
        return table.sparkSession().sessionState().conf().caseSensitiveAnalysis();
    }

    private static WideColumns of(Dataset<?> table, Optional<StoredTensors> stored) {
        StructField[] fields = table.schema().fields();
        requireApart(fields, isCaseSensitive(table));
        Set<String> ofFolders = ofFolders(table);
        WideColumns wide = new WideColumns(stored);
        for (StructField field : fields) {
            Optional<String> obstacle = ofFolders.contains(field.name())
                    ? Optional.of("column must be of the data, was made of the names of folders")
                    : UNNAMED.matcher(field.name()).matches()
                            ? Optional.of("column must have a name of its own, was the unnamed index of a pandas table")
                            : Optional.empty();
            int before = wide.tensors.size();
            if (obstacle.isPresent()) {
                wide.leaveOut(field.name(), obstacle.get());
            } else {
                wide.add(field.name(), field.dataType(), field.dataType(), List.of());
            }
            if (wide.tensors.size() > before) {
                wide.columns.add(field.name());
            }
        }
        Set<String> names = new HashSet<>();
        for (Tensor tensor : wide.tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException(
                        "table must have one column for each tensor, had " + tensor.name() + " twice");
            }
        }
        return wide;
    }

    private static void requireApart(StructField[] fields, boolean isCaseSensitive) {
        Map<String, String> known = new HashMap<>();
        for (StructField field : fields) {
            String name = isCaseSensitive ? field.name() : field.name().toLowerCase(Locale.ROOT);
            String before = known.put(name, field.name());
            if (before != null) {
                throw new IllegalArgumentException("table must have columns whose names Spark can tell apart, had "
                        + before + " and " + field.name()
                        + (before.equals(field.name()) ? "" : " (spark.sql.caseSensitive is false)"));
            }
        }
    }

    /** The columns whose values stand in no file, but in the names of folders. */
    public static Set<String> ofFolders(Dataset<?> table) {
        LogicalPlan plan = table.queryExecution().analyzed();
        Set<ExprId> known = new HashSet<>();
        for (LogicalPlan leaf : CollectionConverters.asJava(plan.collectLeaves())) {
            if (leaf instanceof LogicalRelation scan && scan.relation() instanceof HadoopFsRelation files) {
                List<String> names = Arrays.asList(files.partitionSchema().fieldNames());
                for (Attribute attribute : CollectionConverters.asJava(scan.output())) {
                    if (names.contains(attribute.name())) {
                        known.add(attribute.exprId());
                    }
                }
            }
        }
        Set<String> columns = new HashSet<>();
        for (Attribute attribute : CollectionConverters.asJava(plan.output())) {
            if (known.contains(attribute.exprId())) {
                columns.add(attribute.name());
            }
        }
        return columns;
    }

    private void add(String name, DataType column, DataType type, List<Integer> fields) {
        DataType element = type;
        while (element instanceof ArrayType array) {
            element = array.elementType();
        }
        if (element instanceof StructType struct) {
            StructField[] own = struct.fields();
            for (int i = 0; i < own.length; i++) {
                List<Integer> way = new ArrayList<>(fields);
                way.add(i);
                add(name + "." + own[i].name(), column, own[i].dataType(), way);
            }
        } else if (ReadValues.obstacle(type).isEmpty()) {
            if (stored.isPresent() && !stored.get().isFilled(name)) {
                stored.get().obstacle(name).ifPresent(obstacle -> leaveOut(name, obstacle));
                withoutRows = true;
                return;
            }
            tensors.add(new Tensor(name, columns.size(), column, List.copyOf(fields)));
        } else {
            leaveOut(name, "column must be of FLOAT or DOUBLE or arrays of these, was " + type.sql());
        }
    }

    private void leaveOut(String name, String reason) {
        leftOut.add(new LeftOut(name, Optional.empty(), reason));
    }

    /** The columns to read, in the order of the table. */
    public List<String> columns() {
        return List.copyOf(columns);
    }

    /** The names of the tensors. */
    public List<String> names() {
        return tensors.stream().map(Tensor::name).toList();
    }

    /** Whether there are columns that would be tensors if a file had a row of them. */
    public boolean hasColumnsWithoutRows() {
        return withoutRows;
    }

    /** What is not read, and why. */
    public List<LeftOut> leftOut() {
        return List.copyOf(leftOut);
    }

    List<Tensor> tensors() {
        return List.copyOf(tensors);
    }
}
