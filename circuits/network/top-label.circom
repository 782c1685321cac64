// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";

/// @title Whether a row's label is the network's answer
/// @notice If right = 1 then y_L - y_j - [j < L] >= 0 for every class j: the label has the largest output and the lowest
///         index wins ties. The prover names a ceiling from which every y_j + [j < L] is subtracted to a checked
///         remainder; a right row's ceiling must be y_L itself, a row that is not counted may take any ceiling in range.
///         The same checks bound the outputs: y_j lies in [-3 * 2^B, 2^B), which the caller's slots of B + 2 bits need.
/// @param classes number of outputs, 2 to 256
/// @param magnitudeBits B, at most 251 (slots of B + 2 bits fit a word), with |y_j| + 1 < 2^B for every network of the
///        shape and every input row
/// @input outputs y; their range is checked here
/// @input oneHot oneHot[j] = [j = L]; checked here
/// @input right 0 or 1; checked here
/// @input ceiling max over j of y_j + [j < L]; checked here
/// @output label L, the position of the one
/// Constraints: 2 * classes + 2 + (B + 1) * (classes + 1).
template TopLabel(classes, magnitudeBits) {
    signal input outputs[classes];
    signal input oneHot[classes];
    signal input right;
    signal input ceiling;
    signal output label;

    var ones = 0;
    var position = 0;
    for (var j = 0; j < classes; j++) {
        oneHot[j] * (oneHot[j] - 1) === 0;
        ones += oneHot[j];
        position += j * oneHot[j];
    }
    ones === 1;
    label <== position;

    component ceilingBits = Num2Bits(magnitudeBits + 1);
    ceilingBits.in <== ceiling + 2 ** magnitudeBits;

    signal chosen[classes];
    component remainderBits[classes];
    var labelOutput = 0;
    var above = 1;
    for (var j = 0; j < classes; j++) {
        chosen[j] <== oneHot[j] * outputs[j];
        labelOutput += chosen[j];
        // above = [j < L]: 1 until the one has been passed.
        above -= oneHot[j];
        remainderBits[j] = Num2Bits(magnitudeBits + 1);
        remainderBits[j].in <== ceiling - outputs[j] - above;
    }

    right * (right - 1) === 0;
    right * (ceiling - labelOutput) === 0;
}
