// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title Verifier of the proofs of rewards rounds
/// @notice Groth16 over BN254 for eight public signals, see {IShapleyRewards-submit} for what they are.
interface IRewardsVerifier {
    /// @notice A verification key. Coordinates of G2 come in the order of EIP-197: imaginary part before real part.
    /// @param alpha alpha in G1: x, y
    /// @param beta beta in G2: x imaginary, x real, y imaginary, y real
    /// @param gamma gamma in G2, likewise
    /// @param delta delta in G2, likewise
    /// @param ic The points of the public signals in G1: the constant's, then one for each signal
    struct VerificationKey {
        uint256[2] alpha;
        uint256[4] beta;
        uint256[4] gamma;
        uint256[4] delta;
        uint256[2][9] ic;
    }

    /// @notice A point of the key is not on its curve, not in its group or at infinity.
    /// @param index Which point: 0 alpha, 1 beta, 2 gamma, 3 delta, from 4 on the points of `ic`
    error InvalidPoint(uint256 index);

    /// @notice Gamma and delta are one point, or opposite ones: a proof for any public signals could be made out of thin air.
    error GammaIsDelta();

    /// @notice Beta and gamma are one point, or opposite ones: A = alpha + L or alpha - L, B = beta and C = 0 prove anything.
    error BetaIsGamma();

    /// @notice Beta and delta are one point, or opposite ones: A = L, B = gamma and C = -alpha or alpha prove anything.
    error BetaIsDelta();

    /// @notice Two points of `ic` are equal or opposite: a proof binds only the sum or the difference of their signals.
    /// @param first The index of the first in `ic`
    /// @param second The index of the second in `ic`
    error EqualInputPoints(uint256 first, uint256 second);

    /// @notice Whether a proof is valid for public signals. At any time, for anyone. False for a coordinate that is not below
    /// the order of the base field, for a point that is not on its curve or not in its group, and for a signal that
    /// is not below the order r of the scalar field.
    /// @param proof a.x, a.y, b.x imaginary, b.x real, b.y imaginary, b.y real, c.x, c.y
    /// @param signals The public signals, each in [0, r)
    /// @return valid Whether it is
    function verify(uint256[8] calldata proof, uint256[8] calldata signals) external view returns (bool valid);

    /// @notice The verification key, for people to read. Programs compare the contract's code.
    /// @return key The key
    function verificationKey() external view returns (VerificationKey memory key);
}
