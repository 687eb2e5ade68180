// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.core.internal.text.Given;
import dev.octant.spark.internal.sql.SqlFunction;
import org.apache.spark.sql.SparkSessionExtensions;
import org.apache.spark.sql.SparkSessionExtensionsProvider;
import scala.runtime.BoxedUnit;

/**
 * The functions of SQL. Spark finds this class by itself where the jar is on the class path when the session is made;
 * {@code spark.sql.extensions=dev.octant.spark.OctantExtensions} names it, and {@link OctantSpark#register} gives the
 * functions to a session that is there already.
 *
 * <pre>
 * octant_summary(values [, samples])          aggregate: BINARY, what was observed; NULL where no value was
 * octant_merge(summary)                       aggregate: BINARY, of summaries; NULL where there was none
 * octant_nulls(values)                        aggregate: BIGINT, how many values octant_summary passed over
 * octant_range(summary, method ...)           STRUCT&lt;min: DOUBLE, max: DOUBLE&gt;
 * octant_params(summary, method ...)          STRUCT&lt;scale: FLOAT, zero_point: INT, min: DOUBLE,
 *                                                    max: DOUBLE, method: STRING,
 *                                                    output_scale: FLOAT, output_zero_point: INT,
 *                                                    output_min: DOUBLE, output_max: DOUBLE&gt;
 * octant_sqnr(summary, method ...)            DOUBLE, the expected SQNR of the op's output in dB
 * </pre>
 *
 * <p>{@code values} is a FLOAT, a DOUBLE, or an array of these, also of arrays. A double is rounded to the nearest
 * float, beyond the largest to an infinity. NULL values, and elements that are NULL, are passed over. With {@code
 * samples}, a constant TRUE, the values of a row are a sample, for the methods {@code mean} and {@code median}.
 *
 * <p>{@code method ...} are constants: the method, as in {@code 'percentile=99.99'} or {@code 'best'}; then, each of
 * which may be left out from the end, the op that reads the tensor ({@code 'silu'}, or NULL where none is known), the
 * type ({@code 'int8'}), the scheme ({@code 'asymmetric'}) and the policy ({@code 'octant'}). They are the words of
 * {@code octant ranges}, and mean the same. The output's parameters are NULL where the method chooses none. A NULL
 * summary, and one without a finite value, give NULL.
 *
 * <p>Errors: arguments of other types, unknown words and methods that a summary cannot answer are an {@code
 * AnalysisException} before anything is read; bytes that are no summary fail the query with one sentence. Stateless and
 * thread safe.
 */
public final class OctantExtensions implements SparkSessionExtensionsProvider {
    /** Made by Spark. */
    public OctantExtensions() {}

    @Override
    public BoxedUnit apply(SparkSessionExtensions extensions) {
        Given.require("extensions", extensions);
        SqlFunction.all().forEach(function -> extensions.injectFunction(function.description()));
        return BoxedUnit.UNIT;
    }
}
