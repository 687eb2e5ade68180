// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import java.util.Collection;
import java.util.Locale;

/** The known word that a misspelt one most likely was meant to be. Stateless. */
public final class Suggestion {
    /** Of so many letters, one may be wrong. */
    private static final int LETTERS_PER_MISTAKE = 4;

    /** From so many letters on, the beginning of a word says which it is. */
    private static final int BEGINNING = 3;

    private Suggestion() {}

    /**
     * {@code ; did you mean silu?} for the end of a refusal's sentence, or nothing where no word is near: none that
     * begins with what came, and none that it becomes when one letter in four, rounded up, is put in, left out,
     * replaced, or changes places with the next, and less than half of its own. The case of letters makes no
     * difference; of equally near words, the first.
     */
    public static String of(String word, Collection<String> known) {
        Given.require("word", word);
        Given.require("known words", known);
        String given = word.strip().toLowerCase(Locale.ROOT);
        int least = (given.length() + LETTERS_PER_MISTAKE - 1) / LETTERS_PER_MISTAKE + 1;
        String nearest = null;
        for (String candidate : known) {
            String name = candidate.toLowerCase(Locale.ROOT);
            boolean begun = given.length() >= BEGINNING && name.startsWith(given);
            int distance = begun ? 1 : distance(given, name);
            if (distance < least && 2 * distance < name.length()) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest == null ? "" : sentence(nearest);
    }

    /** The same for a word that is known to be meant. */
    public static String sentence(String meant) {
        Given.require("word", meant);
        return "; did you mean " + meant + "?";
    }

    /** The least number of letters to put in, leave out, replace, or swap with the next: optimal string alignment. */
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int replaced = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(cost[i - 1][j - 1] + replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }
}
