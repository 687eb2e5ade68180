// SPDX-License-Identifier: Apache-2.0
/**
 * Activation functions in double precision: the float reference that every table is made from.
 */
package dev.octant.ops.functions;
