// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.ops.Activation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpChoiceTest {
    private static final List<String> TENSORS = List.of("b1.act", "b1.gate", "b2.act", "b2.gate", "odd*", "a=b");

    @Test
    void theNearestCounts() {
        OpChoice choice = OpChoice.parse(List.of("*gate=sigmoid", "relu", "b2.gate=tanh", "b?.act=silu"), TENSORS);
        assertEquals(Optional.of(Activation.SIGMOID), choice.of("b1.gate"));
        assertEquals(Optional.of(Activation.TANH), choice.of("b2.gate"));
        assertEquals(Optional.of(Activation.SILU), choice.of("b2.act"));
        assertEquals(Optional.of(Activation.RELU), choice.of("odd*"));
        assertEquals(
                choice.toString(),
                OpChoice.parse(List.of(choice.toString().split(" ")), TENSORS).toString());
    }

    @Test
    void aNameSettlesWhatTwoPatternsSay() {
        for (String words : List.of("b1.gate=relu b1*=silu *gate=tanh", "b1*=silu *gate=tanh b1.gate=relu")) {
            OpChoice choice = OpChoice.parse(List.of(words.split(" ")), TENSORS);
            assertEquals(Optional.of(Activation.RELU), choice.of("b1.gate"));
            assertEquals(Optional.of(Activation.SILU), choice.of("b1.act"));
            assertEquals(Optional.of(Activation.TANH), choice.of("b2.gate"));
        }
    }

    @Test
    void refusalsListNamesAsPeopleCount() {
        Exception refused = assertThrows(
                IllegalArgumentException.class,
                () -> OpChoice.parse(List.of("zzz*=silu"), List.of("layer1", "layer10", "layer2")));
        assertTrue(refused.getMessage().contains(" one of layer1, layer2, layer10, "), refused::getMessage);
    }

    /** A name is data: one that looks like a pattern is the tensor's, where there is such a tensor. */
    @Test
    void namesThatLookLikePatterns() {
        OpChoice choice = OpChoice.parse(List.of("odd*=silu", "a=b=tanh"), TENSORS);
        assertEquals(Optional.of(Activation.SILU), choice.of("odd*"));
        assertEquals(Optional.of(Activation.TANH), choice.of("a=b"));
        assertEquals(Optional.empty(), choice.of("b1.act"));
        assertEquals(
                Optional.empty(),
                OpChoice.parse(List.of("odd*=silu"), List.of("odd*", "odd1")).of("odd1"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "c*=silu|tensor of an op must be one of a=b, b1.act, .*, or a pattern of some, was 'c.'",
                "b1.atc=silu|.*, was 'b1.atc'; did you mean b1.act\\?",
                "b1*=silu *gate=tanh|op of tensor b1.gate must be given by one pattern, .* by '.gate=tanh'",
                "b1*=silu b1*=silu|op of tensor b1.act must be given by one pattern, .*",
                "*=hswish|op must be one of .*, was 'hswish'; did you mean hardswish\\?",
                "=silu|tensor of an op must be one of .*, was ''",
            })
    void refusals(String words, String sentence) {
        Exception refused =
                assertThrows(IllegalArgumentException.class, () -> OpChoice.parse(List.of(words.split(" ")), TENSORS));
        assertTrue(refused.getMessage().matches(sentence), refused::getMessage);
    }
}
