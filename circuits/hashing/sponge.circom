// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/poseidon.circom";

/// @title Poseidon sponge
/// @notice Rate 16 in overwrite mode; the capacity word starts as the domain tag and carries over. The number of words is
///         fixed by the circuit, so nothing is padded: the last block is as wide as the words that are left.
/// @param words number of words, at least 1
/// @input domain tag
/// @input message words
/// @output out the capacity word in the end
/// Constraints: 612 for each block of 16 words (609 for the first, whose capacity is a constant), and
/// 3 * (8 * (w + 1) + P(w + 1)) for a last block of w < 16 words, P being Poseidon's partial rounds.
template Sponge(words) {
    signal input domain;
    signal input message[words];
    signal output out;
    var blocks = (words + 15) \ 16;
    component block[blocks];
    for (var b = 0; b < blocks; b++) {
        var width = words - 16 * b < 16 ? words - 16 * b : 16;
        block[b] = PoseidonEx(width, 1);
        if (b == 0) {
            block[b].initialState <== domain;
        } else {
            block[b].initialState <== block[b - 1].out[0];
        }
        for (var i = 0; i < width; i++) {
            block[b].inputs[i] <== message[16 * b + i];
        }
    }
    out <== block[blocks - 1].out[0];
}
