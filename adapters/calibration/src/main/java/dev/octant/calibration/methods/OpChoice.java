// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.calibration.run.TensorChoice;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.NaturalOrder;
import dev.octant.core.internal.text.Suggestion;
import dev.octant.formats.VisibleText;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which op reads which tensor: one for all, or one for each by name. Where none is known, a tensor is judged by itself.
 * Immutable and thread safe.
 */
public final class OpChoice {
    /** No op is known. */
    public static final OpChoice NONE = new OpChoice(Optional.empty(), Map.of());

    private final Optional<Activation> general;
    private final SortedMap<String, Activation> byTensor;

    private OpChoice(Optional<Activation> general, Map<String, Activation> byTensor) {
        this.general = general;
        this.byTensor = Collections.unmodifiableSortedMap(new TreeMap<>(byTensor));
    }

    /** One op reads all tensors. */
    public static OpChoice of(Activation op) {
        Given.require("op", op);
        return new OpChoice(Optional.of(op), Map.of());
    }

    /** The op of each tensor by its name; of the others, none is known. */
    public static OpChoice of(Map<String, Activation> byTensor) {
        Given.require("by tensor", byTensor);
        byTensor.forEach((tensor, op) -> {
            Given.require("tensor", tensor);
            Given.require("op of a tensor", op);
        });
        return new OpChoice(Optional.empty(), byTensor);
    }

    /**
     * The choice that words state: {@code OP} for all, {@code TENSOR=OP} for one, {@code PATTERN=OP} for those whose
     * names match as in {@link TensorChoice}. What is nearest to the tensor counts: its name before a pattern, a
     * pattern before the op of all. A name with {@code *} or {@code ?} in it is a name where there is such a tensor.
     *
     * @throws IllegalArgumentException if an op is unknown, a tensor is none of those given, a pattern matches none, or
     *     a tensor is given two by its name, or by patterns where its name gives none, or all of them are
     */
    public static OpChoice parse(List<String> words, Collection<String> tensors) {
        Given.require("words", words);
        Given.require("tensors", tensors);
        Activation general = null;
        Map<String, Activation> byTensor = new LinkedHashMap<>();
        Map<String, Activation> byPattern = new LinkedHashMap<>();
        Map<String, String> again = new LinkedHashMap<>();
        for (String word : words) {
            Given.require("word", word);
            // The last '=': a tensor's name may hold one, an op's cannot.
            int equals = word.lastIndexOf('=');
            Activation op = Activation.parse(word.substring(equals + 1));
            if (equals < 0) {
                if (general != null) {
                    throw new IllegalArgumentException(
                            "op for all tensors must be given once, was also '" + word + "'");
                }
                general = op;
                continue;
            }
            String tensor = word.substring(0, equals);
            if (!tensors.contains(tensor)) {
                addMatching(byPattern, again, word, tensor, op, tensors);
            } else if (byTensor.put(tensor, op) != null) {
                throw new IllegalArgumentException(
                        "op of tensor " + VisibleText.name(tensor) + " must be given once, was given again");
            }
        }
        // A tensor's own name settles what two patterns say of it.
        again.forEach((tensor, word) -> {
            if (!byTensor.containsKey(tensor)) {
                throw new IllegalArgumentException("op of tensor " + VisibleText.name(tensor)
                        + " must be given by one pattern, was given again by '" + word + "'");
            }
        });
        byPattern.forEach(byTensor::putIfAbsent);
        return new OpChoice(Optional.ofNullable(general), byTensor);
    }

    /** The tensors that match become {@code op}'s; those that a pattern has matched before come to {@code again}. */
    private static void addMatching(
            Map<String, Activation> byPattern,
            Map<String, String> again,
            String word,
            String pattern,
            Activation op,
            Collection<String> tensors) {
        List<String> matching = TensorChoice.isPattern(pattern)
                ? tensors.stream()
                        .filter(tensor -> TensorChoice.matches(pattern, tensor))
                        .toList()
                : List.of();
        if (matching.isEmpty()) {
            List<String> names = tensors.stream().sorted(NaturalOrder.INSTANCE).toList();
            throw new IllegalArgumentException(
                    "tensor of an op must be one of " + VisibleText.names(names) + ", or a pattern of some, was '"
                            + VisibleText.name(pattern) + "'" + Suggestion.of(pattern, tensors));
        }
        for (String tensor : matching) {
            if (byPattern.put(tensor, op) != null) {
                again.putIfAbsent(tensor, word);
            }
        }
    }

    /** The op that reads a tensor, where one is known. */
    public Optional<Activation> of(String tensor) {
        Given.require("tensor", tensor);
        return Optional.ofNullable(byTensor.get(tensor)).or(() -> general);
    }

    /** The words of {@link #parse}, in the order of the tensors' names; an op of the caller's own is told to be one. */
    @Override
    public String toString() {
        return Stream.concat(
                        general.stream().map(OpChoice::word),
                        byTensor.entrySet().stream().map(entry -> entry.getKey() + "=" + word(entry.getValue())))
                .collect(Collectors.joining(" "));
    }

    private static String word(Activation op) {
        return op.kind() == ActivationKind.CUSTOM ? op + " (own)" : op.toString();
    }
}
