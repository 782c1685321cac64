// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IRewardsVerifier} from "../../contracts/interfaces/IRewardsVerifier.sol";

/// @title A verification key whose secrets are known, and proofs of anything under it
/// @notice As trapdoor-key.ts, with small secrets: alpha = 7, beta = 3, gamma = 1, delta = 5, and B always the generator of G2.
library TrapdoorKey {
    uint256 private constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 private constant ALPHA = 7;
    uint256 private constant BETA = 3;
    /// @dev 1/5 mod r.
    uint256 private constant OVER_DELTA = 8755297148735710088898562298102910035419345760166413737479281674630323398247;

    /// @notice The key.
    /// @return made The key
    function key() internal view returns (IRewardsVerifier.VerificationKey memory made) {
        made.alpha = _times(ALPHA);
        made.beta = [
            7273165102799931111715871471550377909735733521218303035754523677688038059653,
            2725019753478801796453339367788033689375851816420509565303521482350756874229,
            957874124722006818841961785324909313781880061366718538693995380805373202866,
            2512659008974376214222774206987427162027254181373325676825515531566330959255
        ];
        made.gamma = _generator();
        made.delta = [
            4540444681147253467785307942530223364530218361853237193970751657229138047649,
            20954117799226682825035885491234530437475518021362091509513177301640194298072,
            11631839690097995216017572651900167465857396346217730511548857041925508482915,
            21508930868448350162258892668132814424284302804699005394342512102884055673846
        ];
        for (uint256 i = 0; i < 9; ++i) made.ic[i] = _times(_input(i));
    }

    /// @notice A valid proof of signals.
    /// @param signals The signals
    /// @param seed Another one gives another proof
    /// @return proof The proof
    function prove(uint256[8] memory signals, uint256 seed) internal view returns (uint256[8] memory proof) {
        uint256 a = 1 + (uint256(keccak256(abi.encode("a", seed))) % (R - 1));
        uint256 target = addmod(ALPHA * BETA, _input(0), R);
        for (uint256 i = 0; i < 8; ++i) target = addmod(target, mulmod(signals[i], _input(i + 1), R), R);
        uint256[2] memory pointA = _times(a);
        uint256[2] memory pointC = _times(mulmod(addmod(a, R - target, R), OVER_DELTA, R));
        uint256[4] memory pointB = _generator();
        return [pointA[0], pointA[1], pointB[0], pointB[1], pointB[2], pointB[3], pointC[0], pointC[1]];
    }

    /// @dev scalar times the generator of G1.
    function _times(uint256 scalar) private view returns (uint256[2] memory point) {
        uint256[3] memory words = [1, 2, scalar];
        assembly ("memory-safe") {
            if iszero(staticcall(gas(), 7, words, 0x60, point, 0x40)) {
                revert(0, 0)
            }
        }
    }

    function _input(uint256 index) private pure returns (uint256 scalar) {
        return uint256(keccak256(abi.encode("input", index))) % R;
    }

    function _generator() private pure returns (uint256[4] memory point) {
        return
            [
                11559732032986387107991004021392285783925812861821192530917403151452391805634,
                10857046999023057135944570762232829481370756359578518086990519993285655852781,
                4082367875863433681332203403145435568316851327593401208105741076214120093531,
                8495653923123431417604973247489272438418190587263600148770280649306958101930
            ];
    }
}
