// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import dev.octant.core.QuantParams;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.ValueCounts;
import dev.octant.ops.Activation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.lang3.Validate;

/**
 * The finished outcome of a calibration: range and parameters by tensor name, in the order the tensors were met.
 *
 * <p>A blank name or method, a missing part or a malformed digest throws {@link IllegalArgumentException} or {@link
 * NullPointerException}. Immutable and thread safe.
 *
 * @param entries what was decided for each tensor
 */
public record CalibrationTable(Map<String, Entry> entries) {
    /**
     * What was decided for one tensor.
     *
     * @param range the real values to represent
     * @param params scale and zero point for the range
     * @param method the estimator's name and parameters, as {@code percentile=99.99}
     * @param values how many values of which kind were observed; {@link ValueCounts#NONE} when that is not known
     * @param digest names the observed values: {@link HistogramSummary#digest()}, or empty when they are not known
     * @param consumer the output of the op that reads the tensor, where that is known
     */
    public record Entry(
            RealRange range,
            QuantParams params,
            String method,
            ValueCounts values,
            Optional<String> digest,
            Optional<Consumer> consumer) {
        private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

        public Entry {
            Validate.notNull(range, "range must be given, was null");
            Validate.notNull(params, "params must be given, was null");
            Validate.notBlank(method, "method must not be blank, was '%s'", method);
            Validate.notNull(values, "values must be given, was null");
            Validate.notNull(digest, "digest must be given or empty, was null");
            Validate.notNull(consumer, "consumer must be given or empty, was null");
            digest.ifPresent(text -> Validate.isTrue(
                    DIGEST.matcher(text).matches(),
                    "digest must be 64 hexadecimal digits in lower case, was '%s'",
                    text));
        }

        /** An entry of a tensor of which no op is known. */
        public Entry(RealRange range, QuantParams params, String method, ValueCounts values, Optional<String> digest) {
            this(range, params, method, values, digest, Optional.empty());
        }

        /** An entry of a tensor of which no op is known, whose data has no digest. */
        public Entry(RealRange range, QuantParams params, String method, ValueCounts values) {
            this(range, params, method, values, Optional.empty());
        }
    }

    /**
     * What was decided for the output of the op that reads a tensor.
     *
     * @param op the op, one of the field's functions: its name and parameters are what a file holds
     * @param range the outputs to represent
     * @param params scale and zero point of the output: for the range, or those that the field has agreed on for the op
     */
    public record Consumer(Activation op, RealRange range, QuantParams params) {
        public Consumer {
            Validate.notNull(op, "op must be given, was null");
            Validate.notNull(range, "output range must be given, was null");
            Validate.notNull(params, "output params must be given, was null");
        }

        /**
         * The values from the lowest to the highest code that a table of the op may emit: codes whose values lie
         * outside the op's own range are in none, so the ends of {@code range} need not be among them.
         */
        public RealRange span() {
            RealRange own = op.outputRange();
            double low = Double.POSITIVE_INFINITY;
            double high = Double.NEGATIVE_INFINITY;
            for (int q = params.type().low(); q <= params.type().high(); q++) {
                float value = params.dequantize(q);
                if (own.contains(value)) {
                    low = Math.min(low, value);
                    high = Math.max(high, value);
                }
            }
            return low <= high ? RealRange.of(low, high) : params.range();
        }
    }

    public CalibrationTable {
        Given.require("entries", entries);
        entries.forEach((tensor, entry) -> {
            Validate.notBlank(tensor, "tensor name must not be blank, was '%s'", tensor);
            Validate.notNull(entry, "%s: entry must be given, was null", tensor);
        });
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    /** A table of these entries, copied, in the map's order. */
    public static CalibrationTable of(Map<String, Entry> entries) {
        return new CalibrationTable(entries);
    }

    /**
     * The entry of one tensor.
     *
     * @throws IllegalArgumentException if the table has none of that name
     */
    public Entry entry(String tensor) {
        Given.require("tensor", tensor);
        Entry entry = entries.get(tensor);
        if (entry == null) {
            throw new IllegalArgumentException("tensor must be one of the table's ["
                    + VisibleText.names(entries.keySet()) + "], was " + VisibleText.name(tensor));
        }
        return entry;
    }

    /** Scale and zero point of one tensor, as {@link #entry}. */
    public QuantParams params(String tensor) {
        return entry(tensor).params();
    }
}
