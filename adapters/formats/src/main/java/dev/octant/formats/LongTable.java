// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import dev.octant.core.internal.text.Given;

/**
 * A table whose rows hold the name of a tensor and some of its values, in two of its columns.
 *
 * @param tensorColumn the column of names, of text
 * @param valuesColumn the column of values: a number, or a list of them
 */
public record LongTable(String tensorColumn, String valuesColumn) {
    public LongTable {
        Given.require("tensor column", tensorColumn);
        Given.require("values column", valuesColumn);
    }
}
