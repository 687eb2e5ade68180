// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.models;

import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * An input of a model and the column that feeds it. Immutable and thread safe.
 *
 * @param name of both
 * @param number the type of the model
 * @param column the type of the column
 * @param fixedRows rows of a batch, where the model fixes them; 0 where it leaves them open
 * @param shape dimensions after the first; at most one is open, {@value #OPEN}
 */
record ModelInput(String name, NumberType number, DataType column, long fixedRows, List<Long> shape)
        implements Serializable {
    static final long OPEN = -1;

    /**
     * Pairs an input with a column.
     *
     * @throws IllegalArgumentException if the input cannot be fed from a column, or not from this one
     */
    static ModelInput of(ModelTensor input, StructField field) {
        NumberType number = input.type()
                .flatMap(OnnxType::number)
                .filter(type -> column(type).isPresent())
                .orElseThrow(() -> new IllegalArgumentException(
                        "input of the model must be of numbers that a column of Spark holds, was " + input));
        DataType wanted = column(number).orElseThrow();
        DataType element = field.dataType();
        while (element instanceof ArrayType array) {
            element = array.elementType();
        }
        if (!element.equals(wanted) || (number == NumberType.UINT8 && element != field.dataType())) {
            throw new IllegalArgumentException("column " + field.name() + " must be of " + wanted.sql()
                    + (number == NumberType.UINT8 ? "" : " or arrays of it") + " for the model's input " + input
                    + ", was " + field.dataType().sql());
        }
        List<Long> shape = new ArrayList<>();
        for (String dimension : input.shape()) {
            shape.add(length(dimension));
        }
        if (shape.isEmpty()
                || shape.subList(1, shape.size()).stream()
                                .filter(length -> length == OPEN)
                                .count()
                        > 1) {
            throw new IllegalArgumentException("input of the model must have a first dimension for the rows, and at"
                    + " most one other that is open, was " + input);
        }
        return new ModelInput(
                input.name(),
                number,
                field.dataType(),
                Math.max(0, shape.get(0)),
                List.copyOf(shape.subList(1, shape.size())));
    }

    private static long length(String dimension) {
        boolean isLength = !dimension.isEmpty() && dimension.chars().allMatch(c -> c >= '0' && c <= '9');
        return isLength ? Long.parseLong(dimension) : OPEN;
    }

    /** The elements of columns that hold just the numbers of a type. */
    private static Optional<DataType> column(NumberType type) {
        return switch (type) {
            case BOOL -> Optional.of(DataTypes.BooleanType);
            case INT8 -> Optional.of(DataTypes.ByteType);
            case INT16 -> Optional.of(DataTypes.ShortType);
            case INT32 -> Optional.of(DataTypes.IntegerType);
            case INT64 -> Optional.of(DataTypes.LongType);
            case FLOAT32 -> Optional.of(DataTypes.FloatType);
            case FLOAT64 -> Optional.of(DataTypes.DoubleType);
            case UINT8 -> Optional.of(DataTypes.BinaryType);
            case UINT16, UINT32, UINT64, FLOAT16 -> Optional.empty();
        };
    }

    /**
     * The shape of a batch of rows that hold so many numbers each.
     *
     * @throws IllegalArgumentException if a row of the model has another number of them
     */
    List<Long> shape(long rows, long numbers) {
        long known = shape.stream().filter(length -> length != OPEN).reduce(1L, Math::multiplyExact);
        boolean isOpen = shape.contains(OPEN);
        boolean fits = isOpen ? known > 0 && numbers % known == 0 : numbers == known;
        if (!fits) {
            throw new IllegalArgumentException("column " + name + " must have " + (isOpen ? "a multiple of " : "")
                    + known + " numbers in a row for the model's input, had " + numbers);
        }
        List<Long> all = new ArrayList<>(List.of(rows));
        for (long length : shape) {
            all.add(length == OPEN ? numbers / known : length);
        }
        return all;
    }

    /** What a batch may have, of inputs of which some fix it. */
    static OptionalLong fixedRows(List<ModelInput> inputs) {
        return inputs.stream()
                .mapToLong(ModelInput::fixedRows)
                .filter(rows -> rows > 0)
                .findFirst();
    }
}
