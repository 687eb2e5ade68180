// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

/** {@link ProbeTest} on a JVM that has the vector module. */
class ProbeJarTest extends ProbeTest {}
