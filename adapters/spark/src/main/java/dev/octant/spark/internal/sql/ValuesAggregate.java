// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.BooleanType;
import scala.collection.immutable.Seq;

/** {@code octant_summary}: from values to a summary. */
public final class ValuesAggregate extends SummaryAggregate {
    /** Its name in SQL. */
    public static final String NAME = "octant_summary";

    private static final long serialVersionUID = 1L;

    private transient ReadValues values;
    private transient boolean samples;

    /** Made by Spark, too, by the arguments that {@link #productElement} gives. */
    public ValuesAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
        super(arguments, mutableAggBufferOffset, inputAggBufferOffset);
    }

    @Override
    String name() {
        return NAME;
    }

    @Override
    ColumnAggregate<ObservedValues> with(Seq<Expression> newArguments, int mutableOffset, int inputOffset) {
        return new ValuesAggregate(newArguments, mutableOffset, inputOffset);
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        TypeCheckResult count = checkCount(2);
        if (count.isFailure()) {
            return count;
        }
        if (children().size() == 2) {
            Expression second = children().apply(1);
            if (!second.foldable() || !(second.dataType() instanceof BooleanType)) {
                return Checks.failed("samples of " + NAME + " must be the constant TRUE or FALSE, was " + second.sql());
            }
        }
        return Checks.values(NAME, column());
    }

    @Override
    public ObservedValues update(ObservedValues buffer, InternalRow row) {
        if (values == null) {
            values = new ReadValues(column().dataType());
            samples = children().size() == 2
                    && Boolean.TRUE.equals(children().apply(1).eval(InternalRow.empty()));
        }
        values.read(column().eval(row));
        if (samples) {
            buffer.observeSample(values.values(), values.count());
        } else {
            buffer.observe(values.values(), values.count());
        }
        return buffer;
    }
}
