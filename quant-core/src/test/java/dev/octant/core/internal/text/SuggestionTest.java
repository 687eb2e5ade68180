// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    private static final List<String> COMMANDS =
            List.of("evaluate", "calibrate", "merge", "ranges", "convert", "-h", "--threads", "mse");

    @ParameterizedTest
    @CsvSource({
        "evalute, evaluate",
        "evaluates, evaluate",
        "Evaluate, evaluate",
        "calibarte, calibrate",
        "calib, calibrate",
        "cal, calibrate",
        "colibrata, calibrate",
        "mrege, merge",
        "--thread, --threads",
        "mes, mse",
    })
    void near(String word, String meant) {
        assertEquals("; did you mean " + meant + "?", Suggestion.of(word, COMMANDS));
    }

    /** Two letters of eight or less are not near, nor is a letter of two; the beginning must be three letters. */
    @ParameterizedTest
    @CsvSource({"brew", "-x", "ca", "mxy", "evxlxxte", "''", "--threshold-of-all"})
    void far(String word) {
        assertEquals("", Suggestion.of(word, COMMANDS));
    }

    @Test
    void ofEquallyNearWordsTheFirst() {
        assertEquals("; did you mean abcd?", Suggestion.of("abce", List.of("abcd", "abcf")));
        assertEquals("; did you mean abcf?", Suggestion.of("abce", List.of("abcf", "abcd")));
    }
}
