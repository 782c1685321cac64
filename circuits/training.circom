// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.3;

include "./shapley/gram-place.circom";
include "./shapley/providers.circom";
include "./shapley/round-context.circom";
include "./shapley/trained-model.circom";

/// @title The training of a round, without rewards
/// @notice The committed model is the ridge regression of all rows behind the registry, and has this loss on them. Up to
/// rounding: each output's coefficients lie within sqrt(d) 2^(Be-1) / lambda of the exact ones, in units of 2^-f, Be being
/// residualBits. Nothing here limits lambda, so who takes a proof checks that this is small (fixesModel in packages/shapley).
/// @param slots P, 1 to 12
/// @param rows m, most rows of a provider
/// @param features F
/// @param outputs k
/// @param dataBits b
/// @param fractionBits f
/// @param thetaBits f + g
/// @param residualBits range of the residuals of P providers
/// @param biasBits r = ceil(log2(F + 1))
/// @input context roundId * 2^10 + p * 2^6 + l, public
/// @input active which slots are used
/// @input payees
/// @input salts of the data commitments
/// @input digits slots x rows x (features + outputs)
/// @input used slots x rows
/// @input theta (F + 1) x k
/// @input modelSalt
/// @output registry
/// @output modelCommitment
/// @output loss
/// Constraints: docs/circuits.md has the formula, roundConstraints in packages/shapley/src/round-circuit.ts computes it.
template Training(slots, rows, features, outputs, dataBits, fractionBits, thetaBits, residualBits, biasBits) {
    var d = features + 1;
    signal input context;
    signal input active[slots];
    signal input payees[slots];
    signal input salts[slots];
    signal input digits[slots][rows][features + outputs];
    signal input used[slots][rows];
    signal input theta[d][outputs];
    signal input modelSalt;
    signal output registry;
    signal output modelCommitment;
    signal output loss;

    component round = RoundContext();
    round.context <== context;

    component providers = Providers(slots, rows, features, outputs, dataBits);
    providers.roundId <== round.roundId;
    providers.providers <== round.providers;
    providers.active <== active;
    providers.payees <== payees;
    providers.salts <== salts;
    providers.digits <== digits;
    providers.used <== used;
    registry <== providers.registry;

    component training = ModelTraining(features, outputs, fractionBits, thetaBits, residualBits, biasBits);
    for (var n = 0; n < (d * (d + 1)) \ 2; n++) {
        var entry = 0;
        for (var i = 0; i < slots; i++) {
            entry += providers.gram[i][n];
        }
        training.gram[n] <== entry;
    }
    for (var a = 0; a < d; a++) {
        for (var c = 0; c < outputs; c++) {
            var entry = 0;
            for (var i = 0; i < slots; i++) {
                entry += providers.targets[i][a][c];
            }
            training.targets[a][c] <== entry;
        }
    }
    training.squares <== providers.squares;
    training.ridge <== round.ridge;
    training.theta <== theta;
    training.salt <== modelSalt;
    modelCommitment <== training.commitment;
    loss <== training.loss;
}
