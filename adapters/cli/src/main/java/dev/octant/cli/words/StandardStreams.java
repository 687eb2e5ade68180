// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.formats.VisibleText;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What standard input, output and error are called where people read it: so, whether they were given as {@value
 * TextConverters#STANDARD_STREAM} or by the names of files that lead to them.
 */
public final class StandardStreams {
    static final String OUTPUT = "standard output";
    static final String ERROR = "standard error";

    private static final Map<String, String> NAMES =
            Map.of("/dev/stdin", "standard input", "/dev/stdout", OUTPUT, "/dev/stderr", ERROR);

    /** One of their files as a word of a sentence: no part of a longer path, and nothing that is quoted. */
    private static final Pattern WORD = Pattern.compile("(?<![^\\s(])/dev/std(?:in|out|err)(?![\\w./-])");

    private StandardStreams() {}

    /** A path, or what the stream is called that it leads to by its usual name. */
    public static String name(Path path) {
        String name = path.toString();
        return NAMES.getOrDefault(name, name);
    }

    /** The same as it may be shown. */
    public static String shown(Path path) {
        return VisibleText.whole(name(path));
    }

    /** A sentence that was made of paths. */
    public static String in(String sentence) {
        return WORD.matcher(sentence).replaceAll(found -> NAMES.get(found.group()));
    }
}
