// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardStreamsTest {
    @Test
    void aPathIsNamed() {
        assertEquals("standard input", StandardStreams.name(Path.of("/dev/stdin")));
        assertEquals("standard output", StandardStreams.name(Path.of("/dev/stdout")));
        assertEquals("standard error", StandardStreams.shown(Path.of("/dev/stderr")));
        assertEquals("/dev/stdin.npy", StandardStreams.name(Path.of("/dev/stdin.npy")));
        assertEquals("a\nb", StandardStreams.name(Path.of("a\nb")));
        assertEquals("a\\u000ab", StandardStreams.shown(Path.of("a\nb")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/dev/stdin: input must be a file|standard input: input must be a file",
                "must be no input, was /dev/stdin|must be no input, was standard input",
                "x (/dev/stdin): dtype must be|x (standard input): dtype must be",
                "/dev/stdout, /dev/stderr; both|standard output, standard error; both",
            })
    void aWordOfASentenceIsNamed(String sentence, String shown) {
        assertEquals(shown, StandardStreams.in(sentence));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/dev/stdin.npy: no",
                "/dev/stdin/x: no",
                "/dev/stdinx: no",
                "/mnt/dev/stdin: no",
                "was '/dev/stdin'",
                "/dev/fd/0: no"
            })
    void anotherPathStays(String sentence) {
        assertEquals(sentence, StandardStreams.in(sentence));
    }
}
