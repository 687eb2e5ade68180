// SPDX-License-Identifier: Apache-2.0
/** How words and numbers of people are read: what the {@code parse} methods of the public types share. */
package dev.octant.core.internal.text;
