// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "./inner-product.circom";

/// @title Slots
/// @notice Packs several small integers into one field element: sum of values[j] * 2^(slotBits * j), `perWord` to a word.
///         The caller range-checks the values. Two lists of values whose differences all lie strictly between
///         -2^slotBits and 2^slotBits have different words, because 2^(slotBits * perWord) < r.
/// @param count number of values
/// @param slotBits bits between neighbours, at most 253
/// @input values integers, negative ones as r - |v|
/// @output packed ceil(count / floor(253 / slotBits)) words
/// Constraints: none of its own.
template Slots(count, slotBits) {
    var perWord = 253 \ slotBits;
    var words = (count + perWord - 1) \ perWord;
    signal input values[count];
    signal output packed[words];
    for (var w = 0; w < words; w++) {
        var sum = 0;
        for (var j = w * perWord; j < count && j < (w + 1) * perWord; j++) {
            sum += values[j] * 2 ** (slotBits * (j - w * perWord));
        }
        packed[w] <== sum;
    }
}

/// @title Powers of the challenge
/// @param n number of rows
/// @input base rho
/// @output powers 1, rho, ..., rho^(n-1)
/// Constraints: n - 2.
template Powers(n) {
    signal input base;
    signal output powers[n];
    powers[0] <== 1;
    for (var i = 1; i < n; i++) {
        powers[i] <== powers[i - 1] * base;
    }
}

/// @title Random combination of rows
/// @notice The vector that a layer's inputs combine to: sum over the rows i of rho^i * activations[i].
/// @param rows number of rows
/// @param columns width of a row
/// @input powers the powers of the challenge
/// @input activations rows x columns
/// @output combined columns field elements
/// Constraints: rows * columns.
template CombineRows(rows, columns) {
    signal input powers[rows];
    signal input activations[rows][columns];
    signal output combined[columns];
    component column[columns];
    for (var k = 0; k < columns; k++) {
        column[k] = InnerProduct(rows);
        for (var i = 0; i < rows; i++) {
            column[k].a[i] <== activations[i][k];
            column[k].b[i] <== powers[i];
        }
        combined[k] <== column[k].out;
    }
}

/// @title Freivalds' check of one dense layer over all rows
/// @notice Shows Z = X W^T + 1 b^T 2^biasShift for all rows at once by its combination with the powers of a challenge that
///         was hashed from everything here (Freivalds, IFIP 1977): sum_i rho^i Z_i = W (sum_i rho^i X_i) + b (sum_i rho^i).
///         Neurons share a field element in slots, so a weight costs 1 / floor(253 / slotBits) of a multiplication. A wrong
///         word in any row survives with probability at most (rows - 1) / r. From equal words follow equal neurons by the
///         remark at Slots, since both sides are bounded: Z by the caller's range checks, the right one by the layer's
///         worst case (weights are digits checked by Unseal, activations are bounded by their range checks or, for the
///         first layer, by the verifier who refuses rows outside the input bits).
/// @param rows number of rows
/// @param inputs width of X
/// @param outputs number of neurons
/// @param slotBits width of a slot
/// @param biasShift power of two that multiplies the biases
/// @input powers the powers of the challenge
/// @input combined sum over the rows of rho^i * X_i
/// @input weights outputs x inputs
/// @input biases outputs
/// @input packed rows x words, the slots of Z
/// Constraints: words * (rows + inputs + 1), words = ceil(outputs / floor(253 / slotBits)).
template ProductCheck(rows, inputs, outputs, slotBits, biasShift) {
    var perWord = 253 \ slotBits;
    var words = (outputs + perWord - 1) \ perWord;
    signal input powers[rows];
    signal input combined[inputs];
    signal input weights[outputs][inputs];
    signal input biases[outputs];
    signal input packed[rows][words];

    var powerSum = 0;
    for (var i = 0; i < rows; i++) {
        powerSum += powers[i];
    }
    signal sum <== powerSum;

    component left[words];
    component right[words];
    for (var w = 0; w < words; w++) {
        left[w] = InnerProduct(rows);
        for (var i = 0; i < rows; i++) {
            left[w].a[i] <== packed[i][w];
            left[w].b[i] <== powers[i];
        }

        right[w] = InnerProduct(inputs + 1);
        for (var k = 0; k < inputs; k++) {
            var column = 0;
            for (var j = w * perWord; j < outputs && j < (w + 1) * perWord; j++) {
                column += weights[j][k] * 2 ** (slotBits * (j - w * perWord));
            }
            right[w].a[k] <== column;
            right[w].b[k] <== combined[k];
        }
        var bias = 0;
        for (var j = w * perWord; j < outputs && j < (w + 1) * perWord; j++) {
            bias += biases[j] * 2 ** (slotBits * (j - w * perWord) + biasShift);
        }
        right[w].a[inputs] <== bias;
        right[w].b[inputs] <== sum;

        left[w].out === right[w].out;
    }
}
