// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NumbersTest {
    private final Locale before = Locale.getDefault();

    /** A locale with other digits, separators and minus sign. */
    @BeforeEach
    void elsewhere() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    }

    @AfterEach
    void back() {
        Locale.setDefault(before);
    }

    @Test
    void realsHaveFourDigits() {
        assertEquals("0", Numbers.real(-0.0));
        assertEquals("−0.2785", Numbers.real(-0.278464));
        assertEquals("18.53", Numbers.real(18.5299));
        assertEquals("1500", Numbers.real(1500));
        assertEquals("99999", Numbers.real(99_999.4));
        assertEquals("1.000e5", Numbers.real(99_999.5));
        assertEquals("1.401e−45", Numbers.real(Float.MIN_VALUE));
        assertEquals("−3.403e38", Numbers.real(-Float.MAX_VALUE));
        assertEquals("0.001000", Numbers.real(0.001));
        assertEquals("∞", Numbers.real(Double.POSITIVE_INFINITY));
        assertEquals("−∞", Numbers.real(Double.NEGATIVE_INFINITY));
        assertEquals("–", Numbers.real(Double.NaN));
    }

    @Test
    void decimalsHaveNoNegativeZero() {
        assertEquals("0.00", Numbers.decimals(-0.001, 2));
        assertEquals("−0.01", Numbers.decimals(-0.006, 2));
        assertEquals("–", Numbers.decimals(Double.NaN, 1));
        assertEquals("∞", Numbers.decimals(Double.POSITIVE_INFINITY, 1));
    }

    @Test
    void onlyNoneIsZeroPercent() {
        assertEquals("0", Numbers.percent(0));
        assertEquals("<0.001", Numbers.percent(1e-9));
        assertEquals("0.100", Numbers.percent(0.001));
        assertEquals("100", Numbers.percent(1));
        assertEquals("–", Numbers.percent(Double.NaN));
        assertEquals("25.000 %", Numbers.percent(1, 4));
    }

    @Test
    void countsAndSteps() {
        assertEquals("12,345", Numbers.count(12_345));
        assertEquals("1 tensor", Numbers.plural(1, "tensor"));
        assertEquals("0 tensors", Numbers.plural(0, "tensor"));
        assertEquals("500", Numbers.brief(500));
        assertEquals("1k", Numbers.brief(1000));
        assertEquals("1.5M", Numbers.brief(1_500_000));
        assertEquals("9.2E", Numbers.brief(9.2e18));
        assertEquals("−128", Numbers.code(-128));
        assertEquals("0.50", Numbers.steps(0.5));
        assertEquals("2.817e7", Numbers.steps(2.817e7));
        assertEquals("10⁻⁷", Numbers.powerOfTen(-7));
        assertEquals("10³⁸", Numbers.powerOfTen(38));
        assertEquals("3.170061e−11", Numbers.exact(3.170061e-11f));
    }
}
