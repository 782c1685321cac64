// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./gram-place.circom";
include "./sum.circom";

/// @title Rows of data and their Gram matrices
/// @notice Range-checks every digit, packs the digits into words to be committed to, and multiplies the signed values.
///         A digit u of a used row stands for u - 2^(b-1); the intercept of a used row is 2^(b-1). An unused row has the
///         digits 0 and adds nothing. Sums are exact: they stay below rows * 2^(2b), far from r.
/// @param rows most rows
/// @param features F; d = F + 1 with the intercept
/// @param outputs k
/// @param dataBits b, 2 to 16
/// @param squared 1 to sum the squares of the targets as well
/// @input digits of a row, its features and then its targets; their range is checked here
/// @input used 0 or 1; checked here
/// @output count used rows
/// @output words the digits of all rows, floor(253 / b) to a word
/// @output gram upper triangle of the sum of x x^T, d (d + 1) / 2 entries
/// @output targets the sum of x y^T, d x k
/// @output squares the sum of all y^2, or 0
/// Constraints: rows * (b (F + k) + 2 + F (F + 1) / 2 + F k + squared * k).
template Samples(rows, features, outputs, dataBits, squared) {
    var width = features + outputs;
    var d = features + 1;
    var offset = 2 ** (dataBits - 1);
    var perWord = 253 \ dataBits;
    var wordCount = (rows * width + perWord - 1) \ perWord;

    signal input digits[rows][width];
    signal input used[rows];
    signal output count;
    signal output words[wordCount];
    signal output gram[(d * (d + 1)) \ 2];
    signal output targets[d][outputs];
    signal output squares;

    // Features and targets as signed integers.
    component bits[rows][width];
    signal value[rows][width];
    component usedRows = Sum(rows);
    for (var i = 0; i < rows; i++) {
        used[i] * (used[i] - 1) === 0;
        usedRows.terms[i] <== used[i];
        var digitSum = 0;
        for (var j = 0; j < width; j++) {
            bits[i][j] = Num2Bits(dataBits);
            bits[i][j].in <== digits[i][j];
            value[i][j] <== digits[i][j] - offset * used[i];
            digitSum += digits[i][j];
        }
        // Digits are not negative: their sum is 0 only if each of them is.
        (1 - used[i]) * digitSum === 0;
    }
    count <== usedRows.out;

    for (var w = 0; w < wordCount; w++) {
        var word = 0;
        for (var n = w * perWord; n < rows * width && n < (w + 1) * perWord; n++) {
            word += digits[n \ width][n % width] * 2 ** (dataBits * (n - w * perWord));
        }
        words[w] <== word;
    }

    // The intercept's entries are linear, the others products; each running sum takes one constraint a row.
    component columnSum[width];
    for (var j = 0; j < width; j++) {
        columnSum[j] = Sum(rows);
        for (var i = 0; i < rows; i++) {
            columnSum[j].terms[i] <== value[i][j];
        }
    }
    gram[0] <== offset * offset * count;
    signal featureSum[features][features][rows];
    for (var j = 0; j < features; j++) {
        gram[GRAM_PLACE(0, j + 1, d)] <== offset * columnSum[j].out;
        for (var l = 0; l < features; l++) {
            for (var i = 0; i < rows; i++) {
                if (l < j) {
                    featureSum[j][l][i] <== 0;
                } else if (i == 0) {
                    featureSum[j][l][i] <== value[i][j] * value[i][l];
                } else {
                    featureSum[j][l][i] <== featureSum[j][l][i - 1] + value[i][j] * value[i][l];
                }
            }
            if (l >= j) {
                gram[GRAM_PLACE(j + 1, l + 1, d)] <== featureSum[j][l][rows - 1];
            }
        }
    }
    signal targetSum[features][outputs][rows];
    signal squareSum[outputs][rows];
    var squareTotal = 0;
    for (var c = 0; c < outputs; c++) {
        targets[0][c] <== offset * columnSum[features + c].out;
        for (var j = 0; j < features; j++) {
            for (var i = 0; i < rows; i++) {
                if (i == 0) {
                    targetSum[j][c][i] <== value[i][j] * value[i][features + c];
                } else {
                    targetSum[j][c][i] <== targetSum[j][c][i - 1] + value[i][j] * value[i][features + c];
                }
            }
            targets[j + 1][c] <== targetSum[j][c][rows - 1];
        }
        for (var i = 0; i < rows; i++) {
            if (squared == 0) {
                squareSum[c][i] <== 0;
            } else if (i == 0) {
                squareSum[c][i] <== value[i][features + c] * value[i][features + c];
            } else {
                squareSum[c][i] <== squareSum[c][i - 1] + value[i][features + c] * value[i][features + c];
            }
        }
        squareTotal += squareSum[c][rows - 1];
    }
    squares <== squareTotal;
}
