// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// @title Cubic
/// @notice Proves knowledge of x with x^3 + x + 5 = y. 2 constraints.
/// @input x the private root
/// @output y the public value
template Cubic() {
    signal input x;
    signal output y;

    signal square <== x * x;
    signal cube <== square * x;
    y <== cube + x + 5;
}
