// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/// @title Sum of squared errors
/// @notice The sum over all rows of (output - target)^2 is at most `allowed`. No row can be left out, since every one
///         of them adds to the sum. The comparison cannot wrap around: with outputs and targets in [-2^B, 2^B] the sum is
///         below 2^S, S = 2 B + 2 + (bits of the number of rows), so that with `allowed` below 2^S as well their
///         difference lies strictly between -2^S and 2^S, and fits S bits only if it is not negative.
/// @param rows number of rows n, at least 1
/// @param magnitudeBits B, with S at most 250: saleCircuit in packages/groth16/src/sale-circuit.ts refuses others
/// @input outputs z; checked here to lie in [-2^B, 2^B)
/// @input targets t; public, the verifier checks that they lie in [-2^B, 2^B]
/// @input allowed public; the verifier checks that it lies in [0, 2^S)
/// Constraints: n (B + 2) + S.
template SquaredError(rows, magnitudeBits) {
    signal input outputs[rows];
    signal input targets[rows];
    signal input allowed;

    var rowBits = 0;
    while (2 ** rowBits <= rows) {
        rowBits++;
    }
    var sumBits = 2 * magnitudeBits + 2 + rowBits;

    component range[rows];
    signal error[rows];
    var sum = 0;
    for (var i = 0; i < rows; i++) {
        range[i] = Num2Bits(magnitudeBits + 1);
        range[i].in <== outputs[i] + 2 ** magnitudeBits;
        error[i] <== (outputs[i] - targets[i]) * (outputs[i] - targets[i]);
        sum += error[i];
    }

    component left = Num2Bits(sumBits);
    left.in <== allowed - sum;
}
