// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// @title Mixed
/// @notice Several public inputs, one of them used by no constraint, and a range check that an assert alone would not hold.
/// @input factor public
/// @input unused public and in no constraint: the key must bind it nevertheless
/// @input words private, each of 8 bits
/// @output products factor * words[i]
template Mixed(n) {
    signal input factor;
    signal input unused;
    signal input words[n];
    signal output products[n];

    signal bits[n][8];
    for (var i = 0; i < n; i++) {
        var sum = 0;
        for (var j = 0; j < 8; j++) {
            bits[i][j] <-- (words[i] >> j) & 1; // pinned by the next line and by the sum below
            bits[i][j] * (bits[i][j] - 1) === 0;
            sum += bits[i][j] * (1 << j);
        }
        sum === words[i];
        products[i] <== factor * words[i];
    }
}
