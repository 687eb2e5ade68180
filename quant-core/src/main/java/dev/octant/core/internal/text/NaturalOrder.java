// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.text;

import java.util.Comparator;

/**
 * The order in which people count: {@code layer5} before {@code layer49}. Runs of the digits 0 to 9 are compared as
 * numbers of any length, all else by UTF-16 units; of names that are equal then, as {@code a1} and {@code a01}, the
 * order is that of {@link String#compareTo}. Consistent with equals. Stateless.
 */
public final class NaturalOrder implements Comparator<String> {
    /** The one there is. */
    public static final NaturalOrder INSTANCE = new NaturalOrder();

    private NaturalOrder() {}

    @Override
    public int compare(String a, String b) {
        Given.require("first", a);
        Given.require("second", b);
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            if (isDigit(a.charAt(i)) && isDigit(b.charAt(j))) {
                int fromA = firstNonZero(a, i);
                int fromB = firstNonZero(b, j);
                i = end(a, fromA);
                j = end(b, fromB);
                int order = Integer.compare(i - fromA, j - fromB);
                order = order != 0 ? order : a.substring(fromA, i).compareTo(b.substring(fromB, j));
                if (order != 0) {
                    return order;
                }
            } else {
                int order = Character.compare(a.charAt(i++), b.charAt(j++));
                if (order != 0) {
                    return order;
                }
            }
        }
        int order = Integer.compare(a.length() - i, b.length() - j);
        return order != 0 ? order : a.compareTo(b);
    }

    /** Where the number in a run of digits begins; at its end where all are 0. */
    private static int firstNonZero(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) == '0') {
            at++;
        }
        return at;
    }

    private static int end(String text, int from) {
        int at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
