package dev.octant.calibration.methods;

import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From the words of {@code --method} to methods for a tensor. */
final class Methods {
    /** Every method that is a pure function of one histogram and needs no parameter. */
    static final String ALL = "all";

    /** The engines' own methods. */
    static final String ENGINES = "engines";

    /** Of {@link #ALL}, the one of highest output SQNR. */
    static final String BEST = "best";

    private static final List<MethodWord> PURE = List.of(
            MethodWord.MINMAX,
            MethodWord.ABSMAX,
            MethodWord.PERCENTILE,
            MethodWord.ENTROPY,
            MethodWord.MSE,
            MethodWord.SATURATION,
            MethodWord.CONSUMER);

    private Methods() {}

    /** What may be given, for help and completion. */
    static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return forms().iterator();
        }
    }

    /**
     * The methods of a list of words for one tensor, each once.
     *
     * @param op the op that reads the tensor; the identity where none is known
     * @throws IllegalArgumentException if a word is unknown or its parameter wrong
     */
    static List<Method> parse(List<String> words, ParameterRule rule, Activation op) {
        Map<String, Method> methods = new LinkedHashMap<>();
        for (String word : words) {
            for (Method method : parse(word.strip(), rule, op)) {
                methods.putIfAbsent(method.toString(), method);
            }
        }
        return new ArrayList<>(methods.values());
    }

    private static List<Method> parse(String word, ParameterRule rule, Activation op) {
        return switch (word) {
            case ALL, BEST -> List.copyOf(pure(rule, op));
            case ENGINES ->
                Arrays.stream(MethodWord.values())
                        .filter(MethodWord::isOrdered)
                        .map(m -> m.method(null, rule, op))
                        .toList();
            default -> List.of(one(word, rule, op, forms()));
        };
    }

    /** {@link #ALL} for one tensor; without a known op, none that needs one. */
    static List<Method.OfHistogram> pure(ParameterRule rule, Activation op) {
        return PURE.stream()
                .filter(m -> m != MethodWord.CONSUMER || op.kind() != ActivationKind.IDENTITY)
                .map(m -> (Method.OfHistogram) m.method(null, rule, op))
                .toList();
    }

    /** The method of a single word, which stands for no group of methods. */
    static Method one(String word, ParameterRule rule, Activation op) {
        return one(word, rule, op, forms().filter(form -> !form.equals(ALL) && !form.equals(ENGINES)));
    }

    private static Method one(String word, ParameterRule rule, Activation op, Stream<String> choice) {
        int equals = word.indexOf('=');
        String label = equals < 0 ? word : word.substring(0, equals);
        for (MethodWord known : MethodWord.values()) {
            if (known.label().equals(label)) {
                return known.method(equals < 0 ? null : word.substring(equals + 1), rule, op);
            }
        }
        throw new IllegalArgumentException(
                "method must be one of " + choice.collect(Collectors.joining(", ")) + ", was '" + word + "'");
    }

    private static Stream<String> forms() {
        return Stream.concat(Arrays.stream(MethodWord.values()).map(MethodWord::form), Stream.of(BEST, ALL, ENGINES));
    }

    /** What each word means, for the end of a help text. */
    static String[] help() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Methods. What follows '=' is the default:");
        for (MethodWord word : MethodWord.values()) {
            if (word == MethodWord.MEAN) {
                lines.add("Of samples, the entries of the first dimension:");
            }
            if (word == MethodWord.MOVING_AVERAGE) {
                lines.add("Engines' own, which depend on the order of the arrays, each a batch held whole:");
            }
            lines.add(String.format("  %-25s %s", word.form(), word.description()));
        }
        lines.add("Several:");
        lines.add(String.format("  %-25s %s", BEST, "of all, the one of highest output SQNR"));
        lines.add(String.format("  %-25s %s", ALL, "minmax to consumer, without it where no op is known"));
        lines.add(String.format("  %-25s %s", ENGINES, "all of the engines'"));
        return lines.toArray(new String[0]);
    }
}
