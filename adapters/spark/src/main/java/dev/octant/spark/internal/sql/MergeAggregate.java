// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import scala.collection.immutable.Seq;

/** {@code octant_merge}: from summaries to that of all their values. */
public final class MergeAggregate extends SummaryAggregate {
    /** Its name in SQL. */
    public static final String NAME = "octant_merge";

    private static final long serialVersionUID = 1L;

    /** Made by Spark, too, by the arguments that {@link #productElement} gives. */
    public MergeAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
        super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
    }

    @Override
    String name() {
        return NAME;
    }

    @Override
    ColumnAggregate<ObservedValues> with(Seq<Expression> newArguments, int mutableOffset, int inputOffset) {
        return new MergeAggregate(newArguments, mutableOffset, inputOffset);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        TypeCheckResult count = checkCount(1);
        return count.isFailure() ? count : Checks.summary(NAME, column());
    }

    @Override
    public ObservedValues update(ObservedValues buffer, InternalRow row) {
        Object bytes = column().eval(row);
        if (bytes != null) {
            buffer.merge(summary((byte[]) bytes));
        }
        return buffer;
    }
}
