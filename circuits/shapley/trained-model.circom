// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "../hashing/sponge.circom";
include "../sealing/domains.circom";
include "./coalition.circom";

/// @title The 16-bit network of a trained model
/// @notice Rounds theta to a dense layer of 16-bit parameters and commits to it as a sale does. With q = thetaBits - 16 and
///         d <= 2^r: w = floor((theta + 2^(q-1)) / 2^q) for the features, and the bias takes up that a network's inputs are
///         the unsigned digits: floor((theta_0 - 2^q (sum of w) + 2^(q+r-1)) / 2^(q+r)). Quotients are the upper 16 bits of
///         checked decompositions. The first one is the range check of theta, shifted by half a weight.
/// @param features F
/// @param outputs k
/// @param thetaBits f + g, 17 to 200
/// @param biasBits r = ceil(log2(F + 1))
/// @input theta (F + 1) x k; checked here to lie in [-2^(thetaBits-1) - 2^(q-1), 2^(thetaBits-1) - 2^(q-1))
/// @input salt
/// @output commitment M = sponge(tag, salt, parameters in sealing order)
/// Constraints: k ((F + 2) thetaBits + r) and the sponge of 1 + ceil((F + 1) k / 15) words.
template TrainedModel(features, outputs, thetaBits, biasBits) {
    var q = thetaBits - 16;
    var parameters = (features + 1) * outputs;
    var words = (parameters + 14) \ 15;
    signal input theta[features + 1][outputs];
    signal input salt;
    signal output commitment;

    // Digits are the parameters plus 2^15, in sealing order: weights of output 0, 1, ..., then the biases.
    signal digit[parameters];
    component range[outputs][features + 1];
    component bias[outputs];
    for (var c = 0; c < outputs; c++) {
        var weightSum = 0;
        for (var j = 0; j <= features; j++) {
            range[c][j] = Num2Bits(thetaBits);
            range[c][j].in <== theta[j][c] + 2 ** (thetaBits - 1) + 2 ** (q - 1);
            if (j > 0) {
                var weight = 0;
                for (var b = 0; b < 16; b++) {
                    weight += range[c][j].out[q + b] * 2 ** b;
                }
                digit[c * features + j - 1] <== weight;
                weightSum += digit[c * features + j - 1] - 2 ** 15;
            }
        }
        bias[c] = Num2Bits(thetaBits + biasBits);
        bias[c].in <== theta[0][c] - 2 ** q * weightSum + 2 ** (q + biasBits - 1) + 2 ** (thetaBits + biasBits - 1);
        var biasDigit = 0;
        for (var b = 0; b < 16; b++) {
            biasDigit += bias[c].out[q + biasBits + b] * 2 ** b;
        }
        digit[outputs * features + c] <== biasDigit;
    }

    component sponge = Sponge(1 + words);
    sponge.domain <== DOMAIN_MODEL();
    sponge.message[0] <== salt;
    for (var w = 0; w < words; w++) {
        var word = 0;
        for (var n = 15 * w; n < parameters && n < 15 * (w + 1); n++) {
            word += digit[n] * 2 ** (16 * (n - 15 * w));
        }
        sponge.message[1 + w] <== word;
    }
    commitment <== sponge.out;
}

/// @title The training of a model on all rows
/// @notice The model solves the normal equations of all providers together; its 16-bit form is committed to. The loss is
///         the sum over rows and outputs of (2^f y - x . theta)^2, an exact integer.
/// @param features F
/// @param outputs k
/// @param fractionBits f
/// @param thetaBits f + g
/// @param residualBits see Solution
/// @param biasBits r, see TrainedModel
/// @input gram A of all rows
/// @input targets B of all rows
/// @input squares sum of all y^2
/// @input ridge lambda
/// @input theta (F + 1) x k; its range is checked in TrainedModel
/// @input salt of the model commitment
/// @output commitment M
/// @output loss
/// Constraints: Solution, Utility and TrainedModel.
template ModelTraining(features, outputs, fractionBits, thetaBits, residualBits, biasBits) {
    var d = features + 1;
    signal input gram[(d * (d + 1)) \ 2];
    signal input targets[d][outputs];
    signal input squares;
    signal input ridge;
    signal input theta[d][outputs];
    signal input salt;
    signal output commitment;
    signal output loss;

    component model = TrainedModel(features, outputs, thetaBits, biasBits);
    model.theta <== theta;
    model.salt <== salt;
    commitment <== model.commitment;

    component solution = Solution(d, outputs, fractionBits, residualBits);
    solution.gram <== gram;
    solution.targets <== targets;
    solution.ridge <== ridge;
    solution.theta <== theta;

    component fit = Utility(d, outputs, fractionBits);
    fit.gram <== gram;
    fit.targets <== targets;
    fit.theta <== theta;
    loss <== 2 ** (2 * fractionBits) * squares - fit.utility;
}
