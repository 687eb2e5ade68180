// SPDX-License-Identifier: Apache-2.0
/** Commands on recorded activations, their summaries and their calibration tables. */
package dev.octant.cli.ranges;
