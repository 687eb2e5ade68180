// SPDX-License-Identifier: Apache-2.0
/** Internal: sums whose bits do not depend on how the work is divided, and what layers share. */
package dev.octant.layers.internal;
