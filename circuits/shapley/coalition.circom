// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "circomlib/circuits/bitify.circom";
include "./gram-place.circom";

/// @title A solution of the normal equations
/// @notice The residual e = (A + lambda I) theta - 2^f B lies in [-2^(residualBits-1), 2^(residualBits-1)) in every entry.
///         That pins theta only among integers of bounded size: modulo r every residual in the box has a solution. The
///         caller range-checks theta; with that, (A + lambda I) theta stays below r / 2 and e is an integer.
/// @param d columns with the intercept
/// @param outputs k
/// @param fractionBits f
/// @param residualBits the range of a residual, from the shape and the size of the coalition
/// @input gram A, upper triangle, bounded by Samples
/// @input targets B, bounded by Samples
/// @input ridge lambda
/// @input theta d x k; the caller checks the range
/// Constraints: d k (d + residualBits).
template Solution(d, outputs, fractionBits, residualBits) {
    signal input gram[(d * (d + 1)) \ 2];
    signal input targets[d][outputs];
    signal input ridge;
    signal input theta[d][outputs];

    signal sum[d][outputs][d];
    component residual[d][outputs];
    for (var a = 0; a < d; a++) {
        for (var c = 0; c < outputs; c++) {
            // The brackets matter: to circom, a sign binds more tightly than a power.
            var before = -(2 ** fractionBits) * targets[a][c];
            for (var j = 0; j < d; j++) {
                var coefficient = gram[GRAM_PLACE(a, j, d)];
                if (a == j) {
                    coefficient += ridge;
                }
                sum[a][c][j] <== before + coefficient * theta[j][c];
                before = sum[a][c][j];
            }
            residual[a][c] = Num2Bits(residualBits);
            residual[a][c].in <== sum[a][c][d - 1] + 2 ** (residualBits - 1);
        }
    }
}

/// @title The utility of a model
/// @notice By how much theta lowers the squared error of the zero predictor: the sum over the outputs c of
///         2 * 2^f h_c . theta_c - theta_c^T G theta_c, an exact integer. Of the quadratic form only the upper triangle is
///         multiplied: the entries beside the diagonal count twice.
/// @param d columns with the intercept
/// @param outputs k
/// @param fractionBits f
/// @input gram G, upper triangle, bounded by Samples
/// @input targets h, bounded by Samples
/// @input theta d x k; the caller checks the range
/// @output utility
/// Constraints: k d (d + 3) / 2.
template Utility(d, outputs, fractionBits) {
    signal input gram[(d * (d + 1)) \ 2];
    signal input targets[d][outputs];
    signal input theta[d][outputs];
    signal output utility;

    signal image[outputs][(d * (d + 1)) \ 2];
    signal partial[outputs][d];
    var total = 0;
    for (var c = 0; c < outputs; c++) {
        for (var a = 0; a < d; a++) {
            var sum = 0;
            for (var j = a; j < d; j++) {
                var place = GRAM_PLACE(a, j, d);
                image[c][place] <== sum + (a == j ? 1 : 2) * gram[place] * theta[j][c];
                sum = image[c][place];
            }
            partial[c][a] <== total + theta[a][c] * (2 * 2 ** fractionBits * targets[a][c] - sum);
            total = partial[c][a];
        }
    }
    utility <== total;
}

/// @title A coalition
/// @notice Its model, range-checked, solves its normal equations up to a residual, and has this utility on the validation
///         rows.
/// @param d columns with the intercept
/// @param outputs k
/// @param fractionBits f
/// @param thetaBits the range of a parameter, f + g
/// @param residualBits see Solution
/// @input gram A, the sum over the coalition
/// @input targets B, the sum over the coalition
/// @input ridge lambda
/// @input theta d x k; its range is checked here: [-2^(thetaBits-1), 2^(thetaBits-1))
/// @input validationGram G
/// @input validationTargets h
/// @output utility
/// Constraints: d k (d + (d + 3) / 2 + thetaBits + residualBits).
template Coalition(d, outputs, fractionBits, thetaBits, residualBits) {
    signal input gram[(d * (d + 1)) \ 2];
    signal input targets[d][outputs];
    signal input ridge;
    signal input theta[d][outputs];
    signal input validationGram[(d * (d + 1)) \ 2];
    signal input validationTargets[d][outputs];
    signal output utility;

    component range[d][outputs];
    for (var a = 0; a < d; a++) {
        for (var c = 0; c < outputs; c++) {
            range[a][c] = Num2Bits(thetaBits);
            range[a][c].in <== theta[a][c] + 2 ** (thetaBits - 1);
        }
    }

    component solution = Solution(d, outputs, fractionBits, residualBits);
    solution.gram <== gram;
    solution.targets <== targets;
    solution.ridge <== ridge;
    solution.theta <== theta;

    component validation = Utility(d, outputs, fractionBits);
    validation.gram <== validationGram;
    validation.targets <== validationTargets;
    validation.theta <== theta;
    utility <== validation.utility;
}
