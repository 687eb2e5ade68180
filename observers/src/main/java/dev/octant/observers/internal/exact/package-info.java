/**
 * Internal: sums of floats without rounding.
 */
package dev.octant.observers.internal.exact;
