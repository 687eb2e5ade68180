// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.aggregate.ImperativeAggregate;
import org.apache.spark.sql.catalyst.expressions.aggregate.TypedImperativeAggregate;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * An aggregate of a column and perhaps a constant, with what Spark asks of every node of its trees: that it can be
 * copied with other children and other offsets, and compared. Arguments are counted when Spark checks their types, not
 * where the expression is made, so that a refusal is one of Spark's.
 *
 * <p>What is sent is the expression without its buffers; each task has a copy of
 * its own. Immutable but for the buffers that Spark hands in.
 */
abstract class ColumnAggregate<T> extends TypedImperativeAggregate<T> implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Seq<Expression> arguments;
    private final int mutableAggBufferOffset;
    private final int inputAggBufferOffset;

    ColumnAggregate(Seq<Expression> arguments, int mutableAggBufferOffset, int inputAggBufferOffset) {
        this.arguments = arguments;
        this.mutableAggBufferOffset = mutableAggBufferOffset;
        this.inputAggBufferOffset = inputAggBufferOffset;
    }

    abstract String name();

    /** The same aggregate of other arguments, or at another place of the buffer. */
    abstract ColumnAggregate<T> with(Seq<Expression> newArguments, int mutableOffset, int inputOffset);

    /** The column. */
    final Expression column() {
        return arguments.apply(0);
    }

    final TypeCheckResult checkCount(int most) {
        int count = arguments.size();
        return count >= 1 && count <= most
                ? Checks.passed()
                : Checks.failed(name() + " must have " + (most == 1 ? "one argument" : "one or two arguments")
                        + ", was given " + count);
    }

    @Override
    public final String prettyName() {
        return name();
    }

    @Override
    public final String nodeName() {
        return name();
    }

    @Override
    public final Seq<Expression> children() {
        return arguments;
    }

    @Override
    public final Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
        return with(newChildren, mutableAggBufferOffset, inputAggBufferOffset);
    }

    @Override
    public final int mutableAggBufferOffset() {
        return mutableAggBufferOffset;
    }

    @Override
    public final int inputAggBufferOffset() {
        return inputAggBufferOffset;
    }

    @Override
    public final ImperativeAggregate withNewMutableAggBufferOffset(int offset) {
        return with(arguments, offset, inputAggBufferOffset);
    }

    @Override
    public final ImperativeAggregate withNewInputAggBufferOffset(int offset) {
        return with(arguments, mutableAggBufferOffset, offset);
    }

    /** What Spark makes a copy of by a constructor with these arguments. */
    @Override
    public final int productArity() {
        return 3;
    }

    @Override
    public final Object productElement(int n) {
        return switch (n) {
            case 0 -> arguments;
            case 1 -> mutableAggBufferOffset;
            case 2 -> inputAggBufferOffset;
            default -> throw new IndexOutOfBoundsException(n);
        };
    }

    @Override
    public final boolean canEqual(Object that) {
        return getClass().isInstance(that);
    }

    @Override
    public final boolean equals(Object object) {
        return object instanceof ColumnAggregate<?> other
                && getClass() == other.getClass()
                && arguments.equals(other.arguments)
                && mutableAggBufferOffset == other.mutableAggBufferOffset
                && inputAggBufferOffset == other.inputAggBufferOffset;
    }

    @Override
    public final int hashCode() {
        return Objects.hash(getClass(), arguments, mutableAggBufferOffset, inputAggBufferOffset);
    }
}
