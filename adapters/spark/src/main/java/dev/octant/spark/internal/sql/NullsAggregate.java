// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import java.nio.ByteBuffer;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.immutable.Seq;

/** {@code octant_nulls}: how many nulls {@code octant_summary} passes over. A buffer is an array of the one count. */
public final class NullsAggregate extends ColumnAggregate<long[]> {
    /** Its name in SQL. */
    public static final String NAME = "octant_nulls";

    private static final long serialVersionUID = 1L;

    private transient ReadValues values;

    /** Made by Spark, too, by the arguments that {@link #productElement} gives. */
    public NullsAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
        super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
    }

    @Override
    String name() {
        return NAME;
    }

    @Override
    ColumnAggregate<long[]> with(Seq<Expression> newArguments, int mutableOffset, int inputOffset) {
        return new NullsAggregate(newArguments, mutableOffset, inputOffset);
    }

    @Override
    public boolean nullable() {
        return false;
    }

    @Override
    public DataType dataType() {
        return DataTypes.LongType;
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        TypeCheckResult count = checkCount(1);
        return count.isFailure() ? count : Checks.values(NAME, column());
    }

    @Override
    public long[] createAggregationBuffer() {
        return new long[1];
    }

    @Override
    public long[] update(long[] buffer, InternalRow row) {
        if (values == null) {
            values = new ReadValues(column().dataType());
        }
        long before = values.nulls();
        values.read(column().eval(row));
        buffer[0] += values.nulls() - before;
        return buffer;
    }

    @Override
    public long[] merge(long[] buffer, long[] input) {
        buffer[0] += input[0];
        return buffer;
    }

    @Override
    public Object eval(long[] buffer) {
        return buffer[0];
    }

    @Override
    public byte[] serialize(long[] buffer) {
        return ByteBuffer.allocate(Long.BYTES).putLong(buffer[0]).array();
    }

    @Override
    public long[] deserialize(byte[] bytes) {
        return new long[] {ByteBuffer.wrap(bytes).getLong()};
    }
}
