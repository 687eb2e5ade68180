/**
 * Internal: floats to and from 16 bits and fewer.
 */
package dev.octant.core.internal.half;
