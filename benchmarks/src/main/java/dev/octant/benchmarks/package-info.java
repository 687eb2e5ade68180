// SPDX-License-Identifier: Apache-2.0
/**
 * Speed beside peers: memory copy, ONNX Runtime, and Octant's own scalar loops.
 *
 * <p>Each benchmark is a call of Octant and times its peers in the same JVM, just before and just after every
 * iteration, see {@link dev.octant.benchmarks.work.BesidePeers}. {@link dev.octant.benchmarks.Ratios} runs them all
 * and writes the ratios as a table and a picture: figures of one machine, which compare better with others than times
 * do. {@link dev.octant.benchmarks.BesideScalar} compares chosen kernels with scalar loops under any JVM flags.
 */
package dev.octant.benchmarks;
