// SPDX-License-Identifier: Apache-2.0
/** Commands on codes and tables: quantize, dequantize, apply, table, compare. */
package dev.octant.cli.codes;
