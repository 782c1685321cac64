// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IRewardsVerifier} from "./interfaces/IRewardsVerifier.sol";

/// @title Groth16 verifier for eight public signals over BN254
/// @notice See {IRewardsVerifier}. The key is part of the code: each of its 32 coordinates is an immutable, so that whoever masks
/// them can compare the code of any deployment with one template, and then the coordinates with a key.
/// @dev J. Groth, On the Size of Pairing-based Non-interactive Arguments, EUROCRYPT 2016, section 3.2:
/// e(A, B) = e(alpha, beta) e(L, gamma) e(C, delta) with L = ic[0] + sum of signal[i] ic[i + 1].
/// The precompiles of EIP-196 and EIP-197 refuse coordinates that are not below q, points that are not on their curve and points of G2
/// outside the group of order r; a refusal there makes a proof invalid here. They take (0, 0) for infinity. A proof with
/// A, B or C at infinity needs no refusal: those are group elements like all others, for which the equation must hold.
/// They do not refuse scalars that are not below r, so {verify} does: signal and signal + r multiply alike.
contract RewardsVerifier is IRewardsVerifier {
    uint256 private constant SIGNALS = 8;

    /// @dev q, the order of the field of coordinates.
    uint256 private constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;

    /// @dev r, the order of the groups and of the field of signals.
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    uint256 private constant EC_ADD = 6;
    uint256 private constant EC_MUL = 7;
    uint256 private constant EC_PAIRING = 8;

    uint256 private immutable _ALPHA_X;
    uint256 private immutable _ALPHA_Y;
    uint256 private immutable _BETA_X_IMAGINARY;
    uint256 private immutable _BETA_X_REAL;
    uint256 private immutable _BETA_Y_IMAGINARY;
    uint256 private immutable _BETA_Y_REAL;
    uint256 private immutable _GAMMA_X_IMAGINARY;
    uint256 private immutable _GAMMA_X_REAL;
    uint256 private immutable _GAMMA_Y_IMAGINARY;
    uint256 private immutable _GAMMA_Y_REAL;
    uint256 private immutable _DELTA_X_IMAGINARY;
    uint256 private immutable _DELTA_X_REAL;
    uint256 private immutable _DELTA_Y_IMAGINARY;
    uint256 private immutable _DELTA_Y_REAL;
    uint256 private immutable _IC_0_X;
    uint256 private immutable _IC_0_Y;
    uint256 private immutable _IC_1_X;
    uint256 private immutable _IC_1_Y;
    uint256 private immutable _IC_2_X;
    uint256 private immutable _IC_2_Y;
    uint256 private immutable _IC_3_X;
    uint256 private immutable _IC_3_Y;
    uint256 private immutable _IC_4_X;
    uint256 private immutable _IC_4_Y;
    uint256 private immutable _IC_5_X;
    uint256 private immutable _IC_5_Y;
    uint256 private immutable _IC_6_X;
    uint256 private immutable _IC_6_Y;
    uint256 private immutable _IC_7_X;
    uint256 private immutable _IC_7_Y;
    uint256 private immutable _IC_8_X;
    uint256 private immutable _IC_8_Y;

    /// @notice Takes a key, unless it could not bind a proof to its signals.
    /// @param key The key
    constructor(VerificationKey memory key) {
        _requireG1(key.alpha, 0);
        _requireG2(key.beta, 1);
        _requireG2(key.gamma, 2);
        _requireG2(key.delta, 3);
        if (_haveOneX(key.gamma, key.delta)) revert GammaIsDelta();
        if (_haveOneX(key.beta, key.gamma)) revert BetaIsGamma();
        if (_haveOneX(key.beta, key.delta)) revert BetaIsDelta();
        for (uint256 i = 0; i <= SIGNALS; ++i) {
            _requireG1(key.ic[i], 4 + i);
            for (uint256 j = 0; j < i; ++j) {
                if (key.ic[i][0] == key.ic[j][0]) revert EqualInputPoints(j, i);
            }
        }
        (_ALPHA_X, _ALPHA_Y) = (key.alpha[0], key.alpha[1]);
        (_BETA_X_IMAGINARY, _BETA_X_REAL) = (key.beta[0], key.beta[1]);
        (_BETA_Y_IMAGINARY, _BETA_Y_REAL) = (key.beta[2], key.beta[3]);
        (_GAMMA_X_IMAGINARY, _GAMMA_X_REAL) = (key.gamma[0], key.gamma[1]);
        (_GAMMA_Y_IMAGINARY, _GAMMA_Y_REAL) = (key.gamma[2], key.gamma[3]);
        (_DELTA_X_IMAGINARY, _DELTA_X_REAL) = (key.delta[0], key.delta[1]);
        (_DELTA_Y_IMAGINARY, _DELTA_Y_REAL) = (key.delta[2], key.delta[3]);
        (_IC_0_X, _IC_0_Y) = (key.ic[0][0], key.ic[0][1]);
        (_IC_1_X, _IC_1_Y) = (key.ic[1][0], key.ic[1][1]);
        (_IC_2_X, _IC_2_Y) = (key.ic[2][0], key.ic[2][1]);
        (_IC_3_X, _IC_3_Y) = (key.ic[3][0], key.ic[3][1]);
        (_IC_4_X, _IC_4_Y) = (key.ic[4][0], key.ic[4][1]);
        (_IC_5_X, _IC_5_Y) = (key.ic[5][0], key.ic[5][1]);
        (_IC_6_X, _IC_6_Y) = (key.ic[6][0], key.ic[6][1]);
        (_IC_7_X, _IC_7_Y) = (key.ic[7][0], key.ic[7][1]);
        (_IC_8_X, _IC_8_Y) = (key.ic[8][0], key.ic[8][1]);
    }

    /// @inheritdoc IRewardsVerifier
    function verify(uint256[8] calldata proof, uint256[8] calldata signals) external view returns (bool valid) {
        // The one coordinate that the precompiles do not see as it came.
        if (proof[1] >= Q) return false;
        uint256[5] memory sum;
        (sum[0], sum[1]) = (_IC_0_X, _IC_0_Y);
        return
            _addProduct(sum, _IC_1_X, _IC_1_Y, signals[0]) &&
            _addProduct(sum, _IC_2_X, _IC_2_Y, signals[1]) &&
            _addProduct(sum, _IC_3_X, _IC_3_Y, signals[2]) &&
            _addProduct(sum, _IC_4_X, _IC_4_Y, signals[3]) &&
            _addProduct(sum, _IC_5_X, _IC_5_Y, signals[4]) &&
            _addProduct(sum, _IC_6_X, _IC_6_Y, signals[5]) &&
            _addProduct(sum, _IC_7_X, _IC_7_Y, signals[6]) &&
            _addProduct(sum, _IC_8_X, _IC_8_Y, signals[7]) &&
            _isProductOne(proof, sum);
    }

    /// @inheritdoc IRewardsVerifier
    function verificationKey() external view returns (VerificationKey memory key) {
        key.alpha = [_ALPHA_X, _ALPHA_Y];
        key.beta = [_BETA_X_IMAGINARY, _BETA_X_REAL, _BETA_Y_IMAGINARY, _BETA_Y_REAL];
        key.gamma = [_GAMMA_X_IMAGINARY, _GAMMA_X_REAL, _GAMMA_Y_IMAGINARY, _GAMMA_Y_REAL];
        key.delta = [_DELTA_X_IMAGINARY, _DELTA_X_REAL, _DELTA_Y_IMAGINARY, _DELTA_Y_REAL];
        key.ic[0] = [_IC_0_X, _IC_0_Y];
        key.ic[1] = [_IC_1_X, _IC_1_Y];
        key.ic[2] = [_IC_2_X, _IC_2_Y];
        key.ic[3] = [_IC_3_X, _IC_3_Y];
        key.ic[4] = [_IC_4_X, _IC_4_Y];
        key.ic[5] = [_IC_5_X, _IC_5_Y];
        key.ic[6] = [_IC_6_X, _IC_6_Y];
        key.ic[7] = [_IC_7_X, _IC_7_Y];
        key.ic[8] = [_IC_8_X, _IC_8_Y];
    }

    /// @dev Whether e(-A, B) e(alpha, beta) e(L, gamma) e(C, delta) = 1.
    function _isProductOne(uint256[8] calldata proof, uint256[5] memory sum) private view returns (bool one) {
        uint256[24] memory pairs;
        pairs[0] = proof[0];
        pairs[1] = (Q - proof[1]) % Q;
        (pairs[2], pairs[3], pairs[4], pairs[5]) = (proof[2], proof[3], proof[4], proof[5]);
        (pairs[6], pairs[7]) = (_ALPHA_X, _ALPHA_Y);
        (pairs[8], pairs[9]) = (_BETA_X_IMAGINARY, _BETA_X_REAL);
        (pairs[10], pairs[11]) = (_BETA_Y_IMAGINARY, _BETA_Y_REAL);
        (pairs[12], pairs[13]) = (sum[0], sum[1]);
        (pairs[14], pairs[15]) = (_GAMMA_X_IMAGINARY, _GAMMA_X_REAL);
        (pairs[16], pairs[17]) = (_GAMMA_Y_IMAGINARY, _GAMMA_Y_REAL);
        (pairs[18], pairs[19]) = (proof[6], proof[7]);
        (pairs[20], pairs[21]) = (_DELTA_X_IMAGINARY, _DELTA_X_REAL);
        (pairs[22], pairs[23]) = (_DELTA_Y_IMAGINARY, _DELTA_Y_REAL);
        assembly ("memory-safe") {
            let done := staticcall(gas(), EC_PAIRING, pairs, 0x300, 0x00, 0x20)
            one := and(and(done, eq(returndatasize(), 0x20)), eq(mload(0x00), 1))
        }
    }

    /// @dev Adds scalar * (x, y) to the point in the first two words of `sum`; the other three are room to work. False for a scalar
    /// that is not below r, and if a precompile refuses.
    function _addProduct(uint256[5] memory sum, uint256 x, uint256 y, uint256 scalar) private view returns (bool done) {
        assembly ("memory-safe") {
            let product := add(sum, 0x40)
            mstore(product, x)
            mstore(add(product, 0x20), y)
            mstore(add(product, 0x40), scalar)
            done := lt(scalar, R)
            done := and(done, staticcall(gas(), EC_MUL, product, 0x60, product, 0x40))
            done := and(done, staticcall(gas(), EC_ADD, sum, 0x80, sum, 0x40))
        }
    }

    /// @dev The point is on the curve and is not infinity.
    function _requireG1(uint256[2] memory point, uint256 index) private view {
        uint256[4] memory words = [point[0], point[1], 0, 0];
        bool done;
        assembly ("memory-safe") {
            done := staticcall(gas(), EC_ADD, words, 0x80, words, 0x40)
        }
        if (!done || (point[0] == 0 && point[1] == 0)) revert InvalidPoint(index);
    }

    /// @dev The point is on the curve, in the group of order r, and is not infinity: its pairing with G1's generator exists and is not 1.
    function _requireG2(uint256[4] memory point, uint256 index) private view {
        uint256[6] memory words = [1, 2, point[0], point[1], point[2], point[3]];
        bool fit;
        assembly ("memory-safe") {
            let done := staticcall(gas(), EC_PAIRING, words, 0xc0, 0x00, 0x20)
            fit := and(done, and(eq(returndatasize(), 0x20), iszero(mload(0x00))))
        }
        if (!fit) revert InvalidPoint(index);
    }

    /// @dev Two points of a curve with one x are equal or opposite.
    function _haveOneX(uint256[4] memory first, uint256[4] memory second) private pure returns (bool equalOrOpposite) {
        return first[0] == second[0] && first[1] == second[1];
    }
}
