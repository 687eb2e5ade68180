// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import java.math.BigDecimal;

/** How estimators write their parameters, so that the command line reads them back. */
final class Names {
    private Names() {}

    /** The shortest decimal of a finite double, without exponent where that is short: 3, 99.99, 1E+30. */
    static String plain(double value) {
        BigDecimal shortest = BigDecimal.valueOf(value).stripTrailingZeros();
        return Math.abs(shortest.precision() - shortest.scale()) > 20 ? shortest.toString() : shortest.toPlainString();
    }
}
