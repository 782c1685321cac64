// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

function FACTORIAL(n) {
    var product = 1;
    for (var i = 2; i <= n; i++) {
        product *= i;
    }
    return product;
}

// Number of players in a coalition.
function COALITION_SIZE(mask) {
    var size = 0;
    while (mask > 0) {
        size += mask % 2;
        mask = mask \ 2;
    }
    return size;
}

// |S|! (P - |S| - 1)!, in how many orders of the players exactly S comes before a given other player.
function SHAPLEY_WEIGHT(players, size) {
    return FACTORIAL(size) * FACTORIAL(players - size - 1);
}

/// @title Shapley values
/// @notice N_i = P! phi_i = sum over S without i of |S|! (P - |S| - 1)! (v(S + i) - v(S)) is linear in the utilities, with
///         v of the empty coalition 0, a constant. The value is floor(N_i / 2^shift), the upper 62 bits of one checked
///         decomposition of N_i + 2^(61 + shift).
/// @param players P, 1 to 12
/// @param shift bits dropped, so that |N_i| < 2^(61 + shift) for all utilities of the shape; at most 190
/// @input utilities v of the coalitions 1 to 2^P - 1, bit i of the number for player i; bounded by the ranges of the
///        parameters and rows that they were computed from
/// @output words value_i + 2^61 for the players 4w to 4w + 3, 62 bits each; beyond the players 2^61. Always 3 words.
/// Constraints: P (62 + shift), and one for each word without a player.
template ShapleyValues(players, shift) {
    var coalitions = 2 ** players - 1;
    signal input utilities[coalitions];
    signal output words[3];

    // In pieces, because the compiler's time grows with the square of an expression's length. With the empty coalition
    // there are 2^P numbers.
    var PIECE = 128;
    var pieces = (coalitions + PIECE) \ PIECE;
    signal partial[players][pieces];
    component bits[players];
    for (var i = 0; i < players; i++) {
        var numerator = 0;
        for (var piece = 0; piece < pieces; piece++) {
            var sum = 0;
            for (var mask = PIECE * piece; mask < PIECE * (piece + 1); mask++) {
                if (mask > 0 && mask <= coalitions) {
                    var size = COALITION_SIZE(mask);
                    if ((mask >> i) % 2 == 1) {
                        sum += SHAPLEY_WEIGHT(players, size - 1) * utilities[mask - 1];
                    } else {
                        sum -= SHAPLEY_WEIGHT(players, size) * utilities[mask - 1];
                    }
                }
            }
            partial[i][piece] <== sum;
            numerator += partial[i][piece];
        }
        bits[i] = Num2Bits(62 + shift);
        bits[i].in <== numerator + 2 ** (61 + shift);
    }

    for (var w = 0; w < 3; w++) {
        var word = 0;
        for (var i = 4 * w; i < 4 * (w + 1); i++) {
            var digit = 2 ** 61;
            if (i < players) {
                digit = 0;
                for (var b = 0; b < 62; b++) {
                    digit += bits[i].out[shift + b] * 2 ** b;
                }
            }
            word += digit * 2 ** (62 * (i - 4 * w));
        }
        words[w] <== word;
    }
}
