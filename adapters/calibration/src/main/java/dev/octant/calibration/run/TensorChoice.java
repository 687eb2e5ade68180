// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import java.util.Collection;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * Which tensors are wanted, by patterns of their names: in a pattern {@code *} stands for any characters, the dots and
 * slashes of names among them, {@code ?} for one, and every other character for itself.
 *
 * <p>A tensor is wanted if a pattern of {@code chosen} matches its whole name, or there is none, and no pattern of
 * {@code skipped} does. Immutable and thread safe.
 *
 * @param chosen patterns of names that are wanted; empty for all
 * @param skipped patterns of names that are not
 */
public record TensorChoice(List<String> chosen, List<String> skipped) {
    /** All tensors. */
    public static final TensorChoice ALL = new TensorChoice(List.of(), List.of());

    /**
     * @throws IllegalArgumentException if a pattern is empty
     */
    public TensorChoice {
        Given.require("chosen", chosen);
        Given.require("skipped", skipped);
        chosen = List.copyOf(chosen);
        skipped = List.copyOf(skipped);
        chosen.forEach(TensorChoice::requireText);
        skipped.forEach(TensorChoice::requireText);
    }

    private static void requireText(String pattern) {
        Validate.isTrue(!pattern.isEmpty(), "pattern of tensors must not be empty, was ''");
    }

    /** Whether a tensor is wanted. */
    public boolean has(String name) {
        Given.require("name", name);
        return (chosen.isEmpty() || matches(chosen, name)) && !matches(skipped, name);
    }

    /**
     * Refuses patterns of wanted names that match none.
     *
     * @throws IllegalArgumentException with the pattern
     */
    public void requireUsed(Collection<String> names) {
        Given.require("names", names);
        for (String pattern : chosen) {
            Validate.isTrue(
                    names.stream().anyMatch(name -> matches(pattern, name)),
                    "pattern of tensors must match one of the inputs, was '%s'",
                    pattern);
        }
    }

    /** Patterns of names that are not wanted and that match none, in their order: written amiss perhaps. */
    public List<String> unusedSkips(Collection<String> names) {
        Given.require("names", names);
        return skipped.stream()
                .filter(pattern -> names.stream().noneMatch(name -> matches(pattern, name)))
                .toList();
    }

    /**
     * Refuses patterns that leave none of some tensors.
     *
     * @throws IllegalArgumentException with the patterns, if there are tensors and none of them is wanted
     */
    public void requireLeft(Collection<String> names) {
        Given.require("names", names);
        Validate.isTrue(
                names.isEmpty() || names.stream().anyMatch(this::has),
                "patterns of skipped tensors must leave one of the inputs, were '%s', which leave none of %s",
                String.join("', '", skipped),
                Numbers.counted(names.size(), "tensor"));
    }

    private static boolean matches(List<String> patterns, String name) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, name));
    }

    /** Whether a text is a pattern: one with {@code *} or {@code ?}, that may match more than its own characters. */
    public static boolean isPattern(String text) {
        Given.require("text", text);
        return text.indexOf('*') >= 0 || text.indexOf('?') >= 0;
    }

    /**
     * Whether a pattern matches a whole name; in time of the product of both lengths at the most: only the last star is
     * ever given more.
     */
    public static boolean matches(String pattern, String name) {
        Given.require("pattern", pattern);
        Given.require("name", name);
        return matches(pattern.codePoints().toArray(), name.codePoints().toArray());
    }

    private static boolean matches(int[] pattern, int[] name) {
        int p = 0;
        int n = 0;
        int star = -1;
        int afterStar = 0;
        while (n < name.length) {
            int c = p < pattern.length ? pattern[p] : 0;
            if (p < pattern.length && c == '*') {
                star = p++;
                afterStar = n;
            } else if (p < pattern.length && (c == '?' || c == name[n])) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++afterStar;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
