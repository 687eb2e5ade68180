// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.run.TensorSummary;
import dev.octant.formats.FormatException;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;

/** An aggregate whose outcome is a summary, and whose buffers are sent as its bytes; null where no value was seen. */
abstract class SummaryAggregate extends ColumnAggregate<ObservedValues> {
    private static final long serialVersionUID = 1L;

    SummaryAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
        super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
    }

    @Override
    public final boolean nullable() {
        return true;
    }

    @Override
    public final DataType dataType() {
        return DataTypes.BinaryType;
    }

    @Override
    public final ObservedValues createAggregationBuffer() {
        return new ObservedValues();
    }

    @Override
    public final ObservedValues merge(ObservedValues buffer, ObservedValues input) {
        buffer.merge(input.summary());
        return buffer;
    }

    @Override
    public final Object eval(ObservedValues buffer) {
        TensorSummary summary = buffer.summary();
        return summary.values().counts().count() == 0 ? null : summary.toBytes();
    }

    @Override
    public final byte[] serialize(ObservedValues buffer) {
        return buffer.summary().toBytes();
    }

    @Override
    public final ObservedValues deserialize(byte[] bytes) {
        ObservedValues buffer = new ObservedValues();
        buffer.merge(summary(bytes));
        return buffer;
    }

    /** The summary in a column of bytes; what is wrong with it is one sentence. */
    static TensorSummary summary(byte[] bytes) {
        try {
            return TensorSummary.of(bytes);
        } catch (FormatException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
