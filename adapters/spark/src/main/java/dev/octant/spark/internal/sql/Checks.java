// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import org.apache.spark.sql.catalyst.analysis.TypeCheckResult;
import org.apache.spark.sql.catalyst.expressions.Expression;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.NullType;

/** What Spark asks of an expression before it plans: a refusal becomes an AnalysisException with the sentence. */
final class Checks {
    private Checks() {}

    static TypeCheckResult passed() {
        return TypeCheckResult.TypeCheckSuccess$.MODULE$;
    }

    static TypeCheckResult failed(String sentence) {
        return new TypeCheckResult.TypeCheckFailure(sentence);
    }

    static TypeCheckResult values(String function, Expression column) {
        return ReadValues.obstacle(column.dataType())
                .map(obstacle -> failed("values of " + function + " " + obstacle))
                .orElseGet(Checks::passed);
    }

    static TypeCheckResult summary(String function, Expression child) {
        return child.dataType() instanceof BinaryType || child.dataType() instanceof NullType
                ? passed()
                : failed("summary of " + function + " must be BINARY, as octant_summary gives it, was "
                        + child.dataType().sql());
    }
}
