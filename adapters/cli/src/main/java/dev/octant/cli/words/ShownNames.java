// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import dev.octant.formats.VisibleText;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Names of tensors as tables show them: whole, but on a terminal long ones without their middles, and numbered where
 * two would look the same. Immutable and thread safe.
 */
public final class ShownNames {
    private final boolean isCut;

    /** Those that are not shown whole. */
    private final Map<String, String> cut = new HashMap<>();

    /** Names of one table. */
    public ShownNames(Terminal terminal, Collection<String> names) {
        isCut = terminal.interactive();
        if (!isCut) {
            return;
        }
        Set<String> shown = new HashSet<>();
        Set<String> large = new LinkedHashSet<>();
        for (String name : names) {
            String whole = VisibleText.whole(name);
            if (whole.equals(VisibleText.name(name))) {
                shown.add(whole);
            } else {
                large.add(name);
            }
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (String name : large) {
            String ends = VisibleText.name(name);
            String numbered = ends;
            while (!shown.add(numbered)) {
                numbered = ends + " (" + numbers.merge(ends, 1, (last, one) -> last + one) + ")";
            }
            cut.put(name, numbered);
        }
    }

    /** What is shown of a name. */
    public String of(String name) {
        if (!isCut) {
            return VisibleText.whole(name);
        }
        String shown = cut.get(name);
        return shown == null ? VisibleText.name(name) : shown;
    }

    /** Texts one after the other, at most so many of them: {@code a, b and 7 more}. */
    public static String first(Collection<String> shown, int most) {
        return shown.stream().limit(most).collect(Collectors.joining(", "))
                + (shown.size() > most ? " and " + (shown.size() - most) + " more" : "");
    }
}
