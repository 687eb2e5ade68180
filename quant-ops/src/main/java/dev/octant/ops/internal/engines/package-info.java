// SPDX-License-Identifier: Apache-2.0
/**
 * Internal: the arithmetic of other engines, operation for operation: floats as SLEEF, Eigen, MLAS and XNNPACK
 * compute them, and the fixed point of TensorFlow Lite.
 */
package dev.octant.ops.internal.engines;
