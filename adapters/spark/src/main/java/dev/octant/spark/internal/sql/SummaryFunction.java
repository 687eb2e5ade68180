// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.ops.Activation;
import java.io.Serializable;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenContext;
import org.apache.spark.sql.catalyst.expressions.codegen.CodegenFallback;
import org.apache.spark.sql.catalyst.expressions.codegen.ExprCode;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import scala.collection.immutable.IndexedSeq;
import scala.collection.immutable.Seq;

/**
 * {@code octant_range}, {@code octant_params} and {@code octant_sqnr}: what a method chooses of a summary. All
 * arguments after the summary are constants. It costs microseconds to milliseconds a row, so it is not compiled into
 * Spark's generated code. Immutable but for the calibration, which is made of the constants when it is first asked for.
 */
public final class SummaryFunction extends Expression implements CodegenFallback, Serializable {
    private static final long serialVersionUID = 1L;

    /** The summary, and up to five words. */
    private static final int MOST_ARGUMENTS = 6;

    private final Answer answer;
    private final Seq<Expression> arguments;
    private transient Calibration calibration;

    /** Made by Spark, too, by the arguments that {@link #productElement} gives. */
    public SummaryFunction(Answer answer, Seq<Expression> arguments) {
        this.answer = answer;
        this.arguments = arguments;
    }

    @Override
    public String prettyName() {
        return answer.sqlName();
    }

    @Override
    public Seq<Expression> children() {
        return arguments;
    }

    @Override
    public Expression withNewChildrenInternal(IndexedSeq<Expression> newChildren) {
        return new SummaryFunction(answer, newChildren);
    }

    @Override
    public boolean nullable() {
        return true;
    }

    @Override
    public DataType dataType() {
        return answer.type();
    }

    @Override
    public TypeCheckResult checkInputDataTypes() {
        String name = answer.sqlName();
        if (arguments.size() < 2 || arguments.size() > MOST_ARGUMENTS) {
            return Checks.failed(
                    name + " must have a summary, a method and at most an op, a type, a scheme and a policy,"
                            + " was given " + arguments.size() + " arguments");
        }
        for (int i = 1; i < arguments.size(); i++) {
            Expression word = arguments.apply(i);
            boolean isNull = word.foldable() && word.eval(InternalRow.empty()) == null;
            if (!isNull && !(word.foldable() && word.dataType() instanceof StringType)) {
                return Checks.failed("words of " + name + " must be constant strings, was " + word.sql());
            }
        }
        try {
            calibration();
        } catch (IllegalArgumentException e) {
            return Checks.failed(name + ": " + e.getMessage());
        }
        return Checks.summary(name, arguments.apply(0));
    }

    private Calibration calibration() {
        if (calibration == null) {
            String op = word(2, null);
            ParameterRule rule = new ParameterRule(
                    QuantType.parse(word(3, QuantType.INT8.label())),
                    QuantScheme.parseOfData(word(4, QuantScheme.ASYMMETRIC.label())),
                    ParameterPolicy.parse(word(5, ParameterPolicy.OCTANT.label())));
            String method = word(1, null);
            if (method == null) {
                throw new IllegalArgumentException("method must be given, was NULL");
            }
            Calibration made =
                    Calibration.parse(method, rule, op == null ? OpChoice.NONE : OpChoice.of(Activation.parse(op)));
            answer.requireKnows(made);
            calibration = made;
        }
        return calibration;
    }

    /** The word at a place, or what stands for one that is left out or NULL. */
    private String word(int place, String otherwise) {
        Object word = place < arguments.size() ? arguments.apply(place).eval(InternalRow.empty()) : null;
        return word == null ? otherwise : word.toString();
    }

    @Override
    public Object eval(InternalRow row) {
        Object bytes = arguments.apply(0).eval(row);
        if (bytes == null) {
            return null;
        }
        TensorSummary summary = SummaryAggregate.summary((byte[]) bytes);
        if (summary.values().counts().finite() == 0) {
            return null;
        }
        if (calibration().isOfSamples() && !summary.hasSamples()) {
            throw new IllegalArgumentException("samples must be known of all "
                    + summary.values().counts().count() + " values for " + calibration() + ", were of "
                    + summary.samples().values().count()
                    + " (octant_summary(values, TRUE) keeps those of arrays)");
        }
        return answer.of(calibration(), summary);
    }

    @Override
    public ExprCode doGenCode(CodegenContext context, ExprCode code) {
        return CodegenFallback.super.doGenCode(context, code);
    }

    @Override
    public int productArity() {
        return 2;
    }

    @Override
    public Object productElement(int n) {
        return switch (n) {
            case 0 -> answer;
            case 1 -> arguments;
            default -> throw new IndexOutOfBoundsException(n);
        };
    }

    @Override
    public boolean canEqual(Object that) {
        return that instanceof SummaryFunction;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof SummaryFunction other && answer == other.answer && arguments.equals(other.arguments);
    }

    @Override
    public int hashCode() {
        return Objects.hash(answer, arguments);
    }
}
