// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

// A symmetric d x d matrix is held as the d (d + 1) / 2 entries of its upper triangle, row by row.

// Where the entry (a, c) stands, in either order.
function GRAM_PLACE(a, c, d) {
    var row = a < c ? a : c;
    var column = a < c ? c : a;
    return row * d - (row * (row - 1)) \ 2 + column - row;
}
