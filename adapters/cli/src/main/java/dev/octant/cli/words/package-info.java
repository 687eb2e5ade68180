// SPDX-License-Identifier: Apache-2.0
/** What commands share: words to types, outputs, progress. */
package dev.octant.cli.words;
