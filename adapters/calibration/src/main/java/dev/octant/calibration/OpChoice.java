package dev.octant.calibration;

import dev.octant.cli.TextConverters;
import dev.octant.ops.Activation;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which op reads which tensor: {@code OP} for all, {@code TENSOR=OP} for one. Without any, the identity. */
final class OpChoice {
    private final Activation general;
    private final Map<String, Activation> byTensor;

    private OpChoice(Activation general, Map<String, Activation> byTensor) {
        this.general = general;
        this.byTensor = byTensor;
    }

    /**
     * The choice that the words state.
     *
     * @throws IllegalArgumentException if an op is unknown, or a tensor, or all of them, are given two
     */
    static OpChoice parse(List<String> words, Collection<String> tensors) {
        Activation general = null;
        Map<String, Activation> byTensor = new LinkedHashMap<>();
        for (String word : words) {
            // The last '=': a tensor's name may hold one, an op's cannot.
            int equals = word.lastIndexOf('=');
            Activation op = TextConverters.activation(word.substring(equals + 1));
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
                throw new IllegalArgumentException(
                        "tensor of an op must be one of " + String.join(", ", tensors) + ", was '" + tensor + "'");
            }
            if (byTensor.put(tensor, op) != null) {
                throw new IllegalArgumentException("op of tensor " + tensor + " must be given once, was given again");
            }
        }
        return new OpChoice(general == null ? Activation.IDENTITY : general, byTensor);
    }

    /** The words again, in the order of the tensors. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder(general.toString());
        new TreeMap<>(byTensor)
                .forEach((tensor, op) ->
                        words.append(' ').append(tensor).append('=').append(op));
        return words.toString();
    }

    Activation of(String tensor) {
        return byTensor.getOrDefault(tensor, general);
    }
}
