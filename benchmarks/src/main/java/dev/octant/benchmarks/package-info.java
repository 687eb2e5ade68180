/**
 * Speed beside memory copy.
 *
 * <p>Each benchmark is a bulk call of Octant and times {@link java.lang.System#arraycopy} of its larger array in the same
 * JVM, just before and just after, see {@link dev.octant.benchmarks.BesideCopy}. {@link dev.octant.benchmarks.Ratios}
 * runs them all and prints the ratios: figures of one machine, which compare better with others than times do.
 */
package dev.octant.benchmarks;
