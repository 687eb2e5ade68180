// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    @ParameterizedTest
    @CsvSource({
        "{name}_*, batch_000.npy, batch_000, batch",
        "{name}_*.npy, batch_000.npy, batch_000, batch",
        "{name}_*.NPY, batch_000.npy, batch_000, batch",
        "{name}_*, layer_1_batch_003.npy, layer_1_batch_003, layer_1_batch",
        "{name}_batch_*, layer_1_batch_003.npy, layer_1_batch_003, layer_1",
        "batch_*_{name}, batch_3_layer_1.npy, batch_3_layer_1, layer_1",
        "{name}_??, a_12.npy, a_12, a",
        "{name}_??, a_123.npy, a_123, ",
        "{name}_*, _1.npy, _1, ",
        "{name}_*, plain.npy, plain, ",
        "{name}, plain.npy, plain, plain",
        "{name}_*, arrays.npz, arr_0, arr",
        "step*/{name}, arrays.npz, step3/model.0/act, model.0/act",
        "/model.*/{name}, arrays.npz, /model.0/act, act",
        "{name}/*, acts/layer1/000.npy, 000, layer1",
        "{name}/*.npy, acts/layer1/000.npy, 000, layer1",
        "{name}/*, layer1/../layer2/000.npy, 000, layer2",
        "{name}/*/*, acts/layer1/run/000.npy, 000, layer1",
        "*/{name}_*, acts/run7/act_0.npy, act_0, act",
        "{name}/*, acts/layer1/arrays.npz, act, ",
        "{name}(*), a.npy, a(0), a",
        "{name}.*, x.npy, a.b.c, a.b"
    })
    void aPartOfANameIsTheTensors(String pattern, String file, String name, String tensor) {
        assertEquals(Optional.ofNullable(tensor), new NamePattern(pattern).in(Path.of(file), name));
    }

    /** Against regular expressions, of which each says one place of the name. */
    @Test
    void patternsMeanWhatTheySay() {
        Random random = new Random(9);
        int matched = 0;
        for (int i = 0; i < 20_000; i++) {
            String before = word(random, "ab*?", random.nextInt(4));
            String after = word(random, "ab*?", random.nextInt(4));
            String name = word(random, "ab", 1 + random.nextInt(8));
            Matcher matcher = longest(before, after, name);
            Optional<String> expected = matcher == null ? Optional.empty() : Optional.of(matcher.group(1));
            assertEquals(
                    expected,
                    new NamePattern(before + "{name}" + after).in(Path.of("x.npz"), name),
                    before + "{name}" + after + " on " + name);
            matched += expected.isPresent() ? 1 : 0;
        }
        assertEquals(true, matched > 4000, "matched " + matched);
    }

    /** Tries all places for the name, the longest first. */
    private static Matcher longest(String before, String after, String name) {
        for (int length = name.length(); length >= 1; length--) {
            for (int from = 0; from + length <= name.length(); from++) {
                Matcher matcher = Pattern.compile(regex(before) + "(.{" + length + "})" + regex(after))
                        .matcher(name);
                if (matcher.matches()) {
                    return matcher;
                }
            }
        }
        return null;
    }

    private static String regex(String glob) {
        return glob.replace("?", ".").replace("*", ".*");
    }

    private static String word(Random random, String letters, int length) {
        StringBuilder word = new StringBuilder();
        for (int i = 0; i < length; i++) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "batch_*", "{name}{name}", "{Name}_*", "{name", "{name}_{name}"})
    void aPatternHoldsTheNameOnce(String pattern) {
        assertEquals(
                "pattern of names must hold {name} once, where the name of the tensor stands, as {name}_*, was '"
                        + pattern + "'",
                assertThrows(IllegalArgumentException.class, () -> new NamePattern(pattern))
                        .getMessage());
    }

    /** A name is read once for each character of the pattern, however many stars there are. */
    @Test
    void starsDoNotMultiply() {
        String pattern = "*a".repeat(200) + "{name}" + "b*".repeat(200);
        String name = "a".repeat(20_000) + "b".repeat(20_000);
        assertEquals(
                Optional.of(name.substring(200, name.length() - 200)),
                new NamePattern(pattern).in(Path.of("x.npz"), name));
    }

    @Test
    void aQuestionMarkIsAWholeCharacter() {
        Path file = Path.of("x");
        String grin = "\uD83D\uDE00";
        assertEquals(Optional.of("a"), new NamePattern("{name}?").in(file, "a" + grin));
        assertEquals(Optional.of("a"), new NamePattern("?{name}").in(file, grin + "a"));
        assertEquals(Optional.of(grin), new NamePattern("{name}?").in(file, grin + "a"));
        assertEquals(Optional.empty(), new NamePattern("{name}?").in(file, grin));
        assertTrue(TensorChoice.matches("a?", "a" + grin));
        assertFalse(TensorChoice.matches("a??", "a" + grin));
    }
}
