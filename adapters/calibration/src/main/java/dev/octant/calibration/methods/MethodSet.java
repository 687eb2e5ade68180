// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.core.internal.text.Given;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Methods to compare, each by its name or as a group. What a group holds depends on the tensor: {@code consumer} is
 * in {@link #all} only where the op is known. Immutable and thread safe.
 */
public final class MethodSet {
    /** The word for {@link #all}. */
    public static final String ALL = "all";

    /** The word for {@link #engines}. */
    public static final String ENGINES = "engines";

    /** The word for the one of {@link #all} whose output has the highest SQNR: to compare, all. */
    public static final String BEST = "best";

    private static final List<MethodKind> PURE = List.of(
            MethodKind.MINMAX,
            MethodKind.ABSMAX,
            MethodKind.PERCENTILE,
            MethodKind.ENTROPY,
            MethodKind.MSE,
            MethodKind.SATURATION,
            MethodKind.CONSUMER);

    private final List<Choice> choices;

    private MethodSet(List<Choice> choices) {
        this.choices = List.copyOf(choices);
    }

    /** A name, or a group of them. */
    @FunctionalInterface
    private interface Choice {
        List<? extends Method> methods(ParameterRule rule, Optional<Activation> op);
    }

    /**
     * The methods of some words: names, {@link #ALL}, {@link #ENGINES} or {@link #BEST}.
     *
     * @throws IllegalArgumentException if a word names none
     */
    public static MethodSet parse(List<String> words) {
        Given.require("words", words);
        List<Choice> choices = new ArrayList<>();
        for (String word : words) {
            Given.require("word", word);
            choices.add(
                    switch (word.strip()) {
                        case ALL, BEST -> MethodSet::pure;
                        case ENGINES -> MethodSet::ordered;
                        default -> of(MethodName.parse(word, Stream.of(BEST, ALL, ENGINES)));
                    });
        }
        return new MethodSet(choices);
    }

    /** Every method that is a pure function of one histogram and needs no parameter. */
    public static MethodSet all() {
        return new MethodSet(List.of(MethodSet::pure));
    }

    /** The engines' own methods. */
    public static MethodSet engines() {
        return new MethodSet(List.of(MethodSet::ordered));
    }

    /** Some methods by their names. */
    public static MethodSet of(MethodName... names) {
        Given.require("names", names);
        return new MethodSet(Arrays.stream(names).map(MethodSet::of).toList());
    }

    private static Choice of(MethodName name) {
        Given.require("name", name);
        return (rule, op) -> List.of(name.method(rule, op));
    }

    /**
     * The methods for one tensor, each once, in the order given.
     *
     * @throws IllegalArgumentException as {@link MethodName#method}
     */
    public List<Method> methods(ParameterRule rule, Optional<Activation> op) {
        Given.require("rule", rule);
        Given.require("op", op);
        Map<String, Method> methods = new LinkedHashMap<>();
        for (Choice choice : choices) {
            choice.methods(rule, op).forEach(method -> methods.putIfAbsent(method.toString(), method));
        }
        return new ArrayList<>(methods.values());
    }

    /** The methods of {@link #all} for one tensor; without a known op, none that needs one. */
    public static List<Method.OfHistogram> pure(ParameterRule rule, Optional<Activation> op) {
        Given.require("rule", rule);
        Given.require("op", op);
        return PURE.stream()
                .filter(kind -> kind != MethodKind.CONSUMER || op.isPresent())
                .map(kind -> (Method.OfHistogram) MethodName.of(kind).method(rule, op))
                .toList();
    }

    private static List<Method> ordered(ParameterRule rule, Optional<Activation> op) {
        return Arrays.stream(MethodKind.values())
                .filter(MethodKind::isOrdered)
                .map(kind -> MethodName.of(kind).method(rule, op))
                .toList();
    }

    /** All words that {@link #parse} reads, names with their default parameters. */
    public static List<String> forms() {
        return Stream.concat(Arrays.stream(MethodKind.values()).map(MethodKind::form), Stream.of(BEST, ALL, ENGINES))
                .toList();
    }
}
