// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.spark.internal.files.FileColumns;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** The two columns of a long table in each of its files. Stateless and thread safe. */
public final class LongColumns {
    private LongColumns() {}

    /**
     * Refuses files without a column of names, where each row says its own.
     *
     * @throws IllegalArgumentException that names the file and the column
     */
    public static void requireNames(List<FileColumns> files, String column) {
        for (FileColumns file : files) {
            StructField field = file.required(column);
            if (!(field.dataType() instanceof StringType)) {
                throw new IllegalArgumentException(file.file() + ": column " + column
                        + " of names must be of STRING, was " + field.dataType().sql());
            }
        }
    }

    /**
     * The type by which the values of all files are read: DOUBLE where some are FLOAT and others DOUBLE, which changes
     * no float. Empty where there is no file.
     *
     * @throws IllegalArgumentException that names the file and the column, if a file has not the column, has others
     *     than floats there, or arrays where another has none
     */
    public static Optional<DataType> values(List<FileColumns> files, String column) {
        DataType common = null;
        for (FileColumns file : files) {
            DataType type = file.required(column).dataType();
            Optional<String> obstacle = ReadValues.obstacle(type);
            if (obstacle.isPresent()) {
                throw new IllegalArgumentException(file.file() + ": column " + column + " of values " + obstacle.get());
            }
            if (common != null && depth(common) != depth(type)) {
                throw new IllegalArgumentException(file.file() + ": column " + column
                        + " must have one type in all files, was " + type.sql() + ", and " + common.sql() + " in "
                        + files.get(0).file());
            }
            common = common == null || element(type) instanceof DoubleType ? type : common;
        }
        return Optional.ofNullable(common).map(LongColumns::nullable);
    }

    private static int depth(DataType type) {
        return type instanceof ArrayType array ? 1 + depth(array.elementType()) : 0;
    }

    private static DataType element(DataType type) {
        return type instanceof ArrayType array ? element(array.elementType()) : type;
    }

    private static DataType nullable(DataType type) {
        return type instanceof ArrayType array ? DataTypes.createArrayType(nullable(array.elementType()), true) : type;
    }
}
