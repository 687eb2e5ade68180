// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.FormatException;

/**
 * What a sentence is about.
 *
 * @param name the file, and what of it: {@code a.parquet, row group 0: column act}
 */
record Place(String name) {
    FormatException refused(String rule, Object found) {
        return new FormatException(name + " must " + rule + ", was " + found);
    }

    FormatException refused(String rule, Object found, Throwable cause) {
        return new FormatException(name + " must " + rule + ", was " + found, cause);
    }
}
