// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: the equation with parameters of its own for each element.
 */
package dev.octant.core.internal.channel;
