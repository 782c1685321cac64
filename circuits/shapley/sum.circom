// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

/// @title Sum
/// @notice Adds in pieces of 32, because the compiler's time grows with the square of an expression's length.
/// @param n number of terms, at least 1
/// @input terms n field elements
/// @output out their sum
/// Constraints: none of its own.
template Sum(n) {
    var PIECE = 32;
    var pieces = (n + PIECE - 1) \ PIECE;
    signal input terms[n];
    signal output out;
    signal partial[pieces];
    var total = 0;
    for (var p = 0; p < pieces; p++) {
        var sum = 0;
        for (var i = p * PIECE; i < n && i < (p + 1) * PIECE; i++) {
            sum += terms[i];
        }
        partial[p] <== sum;
        total += partial[p];
    }
    out <== total;
}
