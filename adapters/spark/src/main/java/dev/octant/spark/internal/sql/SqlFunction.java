// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import java.util.List;
import org.apache.spark.sql.catalyst.FunctionIdentifier;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.catalyst.expressions.ExpressionInfo;
import scala.Function1;
import scala.Tuple3;
import scala.collection.immutable.Seq;

/** A function of SQL. Immutable and thread safe. */
public final class SqlFunction {
    private final String name;
    private final Class<?> type;
    private final String usage;
    private final Function1<Seq<Expression>, Expression> builder;

    private SqlFunction(String name, Class<?> type, String usage, Function1<Seq<Expression>, Expression> builder) {
        this.name = name;
        this.type = type;
        this.usage = usage;
        this.builder = builder;
    }

    /** All of them. */
    public static List<SqlFunction> all() {
        return List.of(
                new SqlFunction(
                        ValuesAggregate.NAME,
                        ValuesAggregate.class,
                        "_FUNC_(values[, samples]) - Returns the summary of floats or doubles, or arrays of them.",
                        arguments -> new ValuesAggregate(arguments, 0, 0)),
                new SqlFunction(
                        MergeAggregate.NAME,
                        MergeAggregate.class,
                        "_FUNC_(summary) - Returns the summary of all values of which these are summaries.",
                        arguments -> new MergeAggregate(arguments, 0, 0)),
                new SqlFunction(
                        NullsAggregate.NAME,
                        NullsAggregate.class,
                        "_FUNC_(values) - Returns how many nulls octant_summary passes over.",
                        arguments -> new NullsAggregate(arguments, 0, 0)),
                choosing(Answer.RANGE, "the range that a method chooses of a summary"),
                choosing(Answer.PARAMS, "scale and zero point by a method of a summary"),
                choosing(Answer.SQNR, "the expected SQNR of a method's output in dB"));
    }

    private static SqlFunction choosing(Answer answer, String what) {
        return new SqlFunction(
                answer.sqlName(),
                SummaryFunction.class,
                "_FUNC_(summary, method[, op[, type[, scheme[, policy]]]]) - Returns " + what + ".",
                arguments -> new SummaryFunction(answer, arguments));
    }

    /** Its name. */
    public String name() {
        return name;
    }

    /** From the arguments to the expression. */
    public Function1<Seq<Expression>, Expression> builder() {
        return builder;
    }

    /** The same with what DESCRIBE FUNCTION says. */
    public Tuple3<FunctionIdentifier, ExpressionInfo, Function1<Seq<Expression>, Expression>> description() {
        ExpressionInfo info = new ExpressionInfo(type.getName(), "", name, usage, "", "", "", "", "", "", "");
        return new Tuple3<>(new FunctionIdentifier(name), info, builder);
    }
}
