// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Suggestion;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * A method by its name and parameter, before it is known what it will calibrate: {@code minmax}, {@code
 * percentile=99.9}.
 *
 * <p>{@code toString} writes it, {@link #parse} reads it back. Whether the parameter suits the method is known when
 * {@link #method} is asked. Immutable and thread safe.
 *
 * @param kind which method
 * @param parameter what follows {@code =}; empty for the kind's default
 */
public record MethodName(MethodKind kind, Optional<String> parameter) {
    /** @throws IllegalArgumentException if the kind has no parameter and one is given, or cannot do without */
    public MethodName {
        Validate.notNull(kind, "kind must be given, was null");
        Validate.notNull(parameter, "parameter must be given or empty, was null");
        kind.checkPresence(parameter);
    }

    /** A method with its default parameter. */
    public static MethodName of(MethodKind kind) {
        return new MethodName(kind, Optional.empty());
    }

    /**
     * The method that a word names.
     *
     * @throws IllegalArgumentException if none has the name, or the parameter is missing or one too many
     */
    public static MethodName parse(String word) {
        return parse(word, Stream.of());
    }

    /** The same, where {@code others} could have been given, too, which a refusal lists. */
    public static MethodName parse(String word, Stream<String> others) {
        Given.require("others", others);
        return parse(word, List.of(MethodKind.values()), others.toList());
    }

    /**
     * The same, where a refusal lists only some methods: those that the caller takes. A name of another is read all the
     * same, for the caller to refuse with its reason.
     */
    public static MethodName parse(String word, List<MethodKind> listed, List<String> others) {
        Given.require("word", word);
        Given.require("listed methods", listed);
        Given.require("others", others);
        String stripped = word.strip();
        int equals = stripped.indexOf('=');
        String label = equals < 0 ? stripped : stripped.substring(0, equals);
        for (MethodKind known : MethodKind.values()) {
            if (known.label().equals(label)) {
                return new MethodName(
                        known, equals < 0 ? Optional.empty() : Optional.of(stripped.substring(equals + 1)));
            }
        }
        List<String> labels = new ArrayList<>(others);
        List<String> forms = new ArrayList<>();
        for (MethodKind known : listed) {
            labels.add(known.label());
            forms.add(known.form());
        }
        forms.addAll(others);
        throw new IllegalArgumentException("method must be one of " + String.join(", ", forms)
                + ", was '" + stripped + "'"
                + Suggestion.of(label, labels));
    }

    /**
     * The method for one tensor.
     *
     * @param rule how its range will become parameters
     * @param op the op that reads the tensor, where one is known
     * @throws IllegalArgumentException if the parameter is no number or out of its bounds, or the method must be told
     *     the op and is not
     */
    public Method method(ParameterRule rule, Optional<Activation> op) {
        Given.require("rule", rule);
        Given.require("op", op);
        return kind.method(parameter, rule, op);
    }

    @Override
    public String toString() {
        return kind.label() + parameter.map(given -> "=" + given).orElse("");
    }
}
