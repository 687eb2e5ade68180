// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.Locale;

/** How the report prints numbers: the same digits in every locale, with a true minus sign. */
public final class Numbers {
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final String[] SI = {"", "k", "M", "G", "T", "P", "E"};

    private Numbers() {}

    /** A count with thousands apart: {@code 12,345}. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** An integer: {@code −128}. */
    public static String code(int q) {
        return minus(Integer.toString(q));
    }

    /** A real value with four significant digits: {@code −0.2785}, {@code 1.234e−7}. */
    public static String real(double x) {
        if (!Double.isFinite(x)) {
            return Double.isNaN(x) ? "–" : x > 0 ? "∞" : "−∞";
        }
        double magnitude = Math.abs(x);
        if (magnitude == 0) {
            return "0";
        }
        if (magnitude < 1e-3 || magnitude >= 99_999.5) {
            return minus(String.format(Locale.ROOT, "%.3e", x)
                    .replaceFirst("e([+-])0*(?=\\d)", "e$1")
                    .replace("e+", "e"));
        }
        int whole = (int) Math.floor(Math.log10(magnitude)) + 1;
        return decimals(x, Math.max(0, 4 - whole));
    }

    /** A real value with a fixed number of decimals; NaN is a dash. */
    public static String decimals(double x, int decimals) {
        if (!Double.isFinite(x)) {
            return real(x);
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", x);
        return minus(text.matches("-[0.]+") ? text.substring(1) : text);
    }

    /** A scale as the shortest decimal that gives the same float. */
    public static String exact(float x) {
        return minus(Float.toString(x).replace("E", "e"));
    }

    /** A share of a whole, 0..1, in percent; only none at all is 0, only all is 100. */
    public static String percent(double share) {
        double percent = 100 * share;
        if (percent == 0 || percent == 100) {
            return code((int) percent);
        }
        return percent > 0 && percent < 0.001 ? "<0.001" : decimals(percent, 3);
    }

    /** An error in steps, two decimals as long as they matter. */
    public static String steps(double steps) {
        return Math.abs(steps) < 1000 ? decimals(steps, 2) : real(steps);
    }

    /** {@code part} of {@code whole} in percent, with its sign. */
    public static String percent(long part, long whole) {
        return percent((double) part / whole) + " %";
    }

    /** A count in few characters: {@code 500}, {@code 20k}, {@code 1.5M}. */
    public static String brief(double n) {
        int group = n < 1000 ? 0 : (int) (Math.log10(n) + 1e-9) / 3;
        String text = String.format(Locale.ROOT, "%.1f", n / Math.pow(1000, group));
        return (text.endsWith(".0") ? text.substring(0, text.length() - 2) : text) + SI[Math.min(group, SI.length - 1)];
    }

    /** {@code 10⁻⁷}. */
    public static String powerOfTen(int exponent) {
        StringBuilder text = new StringBuilder("10");
        for (char c : Integer.toString(exponent).toCharArray()) {
            text.append(c == '-' ? '⁻' : SUPERSCRIPTS.charAt(c - '0'));
        }
        return text.toString();
    }

    /** A count and its noun: {@code 1 tensor}, {@code 6 tensors}. */
    public static String plural(long n, String noun) {
        return count(n) + " " + noun + (n == 1 ? "" : "s");
    }

    private static String minus(String text) {
        return text.replace('-', '−');
    }
}
