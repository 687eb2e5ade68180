// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.evaluation.TensorResult;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.RealRange;
import dev.octant.formats.calibration.CalibrationTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.unsafe.types.UTF8String;

/** What is asked of a summary. */
enum Answer {
    /** {@code octant_range}. */
    RANGE(
            "octant_range",
            DataTypes.createStructType(
                    List.of(field("min", DataTypes.DoubleType, false), field("max", DataTypes.DoubleType, false)))) {
        @Override
        Object of(Calibration calibration, TensorSummary summary) {
            RealRange range = calibration.range(TENSOR, summary);
            return row(range.min(), range.max());
        }
    },

    /** {@code octant_params}. */
    PARAMS(
            "octant_params",
            DataTypes.createStructType(List.of(
                    field("scale", DataTypes.FloatType, false),
                    field("zero_point", DataTypes.IntegerType, false),
                    field("min", DataTypes.DoubleType, false),
                    field("max", DataTypes.DoubleType, false),
                    field("method", DataTypes.StringType, false),
                    field("output_scale", DataTypes.FloatType, true),
                    field("output_zero_point", DataTypes.IntegerType, true),
                    field("output_min", DataTypes.DoubleType, true),
                    field("output_max", DataTypes.DoubleType, true)))) {
        @Override
        Object of(Calibration calibration, TensorSummary summary) {
            CalibrationTable.Entry entry = calibration.entry(TENSOR, summary);
            Optional<CalibrationTable.Consumer> output = entry.consumer();
            return row(
                    entry.params().scale(),
                    entry.params().zeroPoint(),
                    entry.range().min(),
                    entry.range().max(),
                    UTF8String.fromString(entry.method()),
                    output.map(consumer -> consumer.params().scale()).orElse(null),
                    output.map(consumer -> consumer.params().zeroPoint()).orElse(null),
                    output.map(consumer -> consumer.range().min()).orElse(null),
                    output.map(consumer -> consumer.range().max()).orElse(null));
        }
    },

    /** {@code octant_sqnr}. */
    SQNR("octant_sqnr", DataTypes.DoubleType) {
        @Override
        Object of(Calibration calibration, TensorSummary summary) {
            TensorResult result = calibration
                    .evaluation(List.of(), Map.of(TENSOR, summary))
                    .tensors()
                    .get(0);
            return (calibration.isBest() ? result.best() : result.methods().get(0))
                    .error()
                    .outputSqnrDb();
        }

        @Override
        void requireKnows(Calibration calibration) {
            super.requireKnows(calibration);
            if (calibration.isOfSamples()) {
                throw new IllegalArgumentException(
                        "method of octant_sqnr must be one of a histogram, was " + calibration);
            }
        }
    };

    /** Stands in refusals for the tensor, whose name a function does not know. */
    static final String TENSOR = "summary";

    private final String sqlName;
    private final DataType type;

    Answer(String sqlName, DataType type) {
        this.sqlName = sqlName;
        this.type = type;
    }

    private static StructField field(String name, DataType type, boolean nullable) {
        return DataTypes.createStructField(name, type, nullable);
    }

    private static Object row(Object... values) {
        return new GenericInternalRow(values);
    }

    String sqlName() {
        return sqlName;
    }

    DataType type() {
        return type;
    }

    /** The value of Spark for a summary that has a finite value. */
    abstract Object of(Calibration calibration, TensorSummary summary);

    /** Refuses a calibration that summaries do not answer. */
    void requireKnows(Calibration calibration) {
        calibration.requireSuits(List.of(TENSOR));
        if (calibration.isOrdered()) {
            throw new IllegalArgumentException(
                    "method must not depend on the order of the data, which a summary does not have, was "
                            + calibration);
        }
    }
}
