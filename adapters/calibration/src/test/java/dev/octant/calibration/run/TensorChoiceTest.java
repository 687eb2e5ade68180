// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorChoiceTest {
    @ParameterizedTest
    @CsvSource({
        "*, a.b/c, true",
        "act*, act, true",
        "act*, fact, false",
        "*act, fact, true",
        "*.mlp.*, layers.0.mlp.act, true",
        "layers.?.mlp, layers.0.mlp, true",
        "layers.?.mlp, layers.10.mlp, false",
        "/model.0/*, /model.0/act/Mul_output_0, true",
        "[ab], a, false",
        "[ab], [ab], true",
        "a.b, axb, false",
        "*a*b*, xxaxxbxx, true",
        "*a*b*, xxbxxaxx, false",
        "a**b, ab, true"
    })
    void patternsMatchWholeNames(String pattern, String name, boolean matches) {
        assertEquals(matches, new TensorChoice(List.of(pattern), List.of()).has(name));
        assertEquals(!matches, new TensorChoice(List.of(), List.of(pattern)).has(name));
    }

    /** Against a regular expression of the same meaning. */
    @Test
    void patternsMeanWhatTheySay() {
        Random random = new Random(9);
        for (int i = 0; i < 20_000; i++) {
            String pattern = word(random, "ab*?", 1 + random.nextInt(7));
            String name = word(random, "ab", random.nextInt(8));
            Pattern same = Pattern.compile(pattern.replace("*", ".*").replace("?", "."));
            assertEquals(
                    same.matcher(name).matches(),
                    new TensorChoice(List.of(pattern), List.of()).has(name),
                    pattern + " on " + name);
        }
    }

    private static String word(Random random, String letters, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    @Test
    void whatIsSkippedIsNotWantedWhoeverAsks() {
        TensorChoice choice = new TensorChoice(List.of("a*", "b"), List.of("*x"));
        assertEquals(true, choice.has("ab"));
        assertEquals(true, choice.has("b"));
        assertEquals(false, choice.has("ax"));
        assertEquals(false, choice.has("c"));
        assertEquals(true, TensorChoice.ALL.has("anything"));
    }

    @Test
    void patternsThatSkipNothingAreKnown() {
        TensorChoice choice = new TensorChoice(List.of(), List.of("q", "a*", "x?"));
        assertEquals(List.of("q", "x?"), choice.unusedSkips(List.of("act", "b")));
        assertEquals(List.of(), choice.unusedSkips(List.of("q", "a", "xy")));
    }

    @Test
    void patternsThatMatchNothingAreRefused() {
        TensorChoice choice = new TensorChoice(List.of("a", "z*"), List.of("q"));
        assertEquals(
                "pattern of tensors must match one of the inputs, was 'z*'",
                assertThrows(IllegalArgumentException.class, () -> choice.requireUsed(List.of("a", "b")))
                        .getMessage());
        assertThrows(IllegalArgumentException.class, () -> new TensorChoice(List.of(""), List.of()));
    }

    /** No pattern takes more than the product of the lengths. */
    @Test
    void starsDoNotMultiply() {
        String pattern = "*a".repeat(500) + "b";
        String name = "a".repeat(20_000);
        assertTimeoutPreemptively(
                Duration.ofMinutes(2),
                () -> assertEquals(false, new TensorChoice(List.of(pattern), List.of()).has(name)));
    }
}
