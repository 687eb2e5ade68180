// SPDX-License-Identifier: Apache-2.0
/** The commands {@code octant model}: what a model is, what it computes, and its int8 form. */
package dev.octant.cli.models;
