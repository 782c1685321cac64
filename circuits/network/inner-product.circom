// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

/// @title Inner product of two vectors of signals
/// @notice Sums in pieces of 28, because the compiler's time grows with the square of an expression's length.
/// @param n length, at least 1
/// @input a n field elements
/// @input b n field elements
/// @output out sum of a[i] * b[i]
/// Constraints: n.
template InnerProduct(n) {
    signal input a[n];
    signal input b[n];
    signal output out;

    var PIECE = 28;
    var pieces = (n + PIECE - 1) \ PIECE;
    signal product[n];
    signal partial[pieces];
    var total = 0;
    for (var p = 0; p < pieces; p++) {
        var sum = 0;
        for (var i = p * PIECE; i < n && i < (p + 1) * PIECE; i++) {
            product[i] <== a[i] * b[i];
            sum += product[i];
        }
        partial[p] <== sum;
        total += partial[p];
    }
    out <== total;
}
