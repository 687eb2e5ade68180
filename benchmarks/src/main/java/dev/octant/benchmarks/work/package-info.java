// SPDX-License-Identifier: Apache-2.0
/**
 * What is measured: calls of Octant, one class each, with the peers they are timed beside. Every call is a plain
 * method and tested as one.
 */
package dev.octant.benchmarks.work;
