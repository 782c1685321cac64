// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RewardsVerifier} from "../../contracts/RewardsVerifier.sol";
import {ShapleyRewards} from "../../contracts/ShapleyRewards.sol";
import {IShapleyRewards} from "../../contracts/interfaces/IShapleyRewards.sol";
import {TrapdoorKey} from "./TrapdoorKey.sol";
import {signingVm} from "./SigningVm.sol";

/// @title What tests in Solidity need to play a round: a contract, signatures and proofs
abstract contract RoundProver {
    uint256 internal constant R = 21888242871839275222246405745257275088548364400416034343698204186575808495617;
    uint256 internal constant OWNER_KEY = uint256(keccak256("owner"));
    uint8 internal constant SLOTS = 4;
    uint8 internal constant RIDGE_BITS = 34;
    int256 internal constant VALUE_OFFSET = 2 ** 61;

    function deployRewards() internal returns (ShapleyRewards rewards) {
        IShapleyRewards.Shape memory shape = IShapleyRewards.Shape({
            providers: SLOTS,
            rows: 40,
            features: 1,
            outputs: 1,
            dataBits: 16,
            fractionBits: 36,
            integerBits: 6,
            validationRows: 100
        });
        return new ShapleyRewards(new RewardsVerifier(TrapdoorKey.key()), shape);
    }

    function receiptOf(
        ShapleyRewards rewards,
        uint256 ownerKey,
        uint256 roundId,
        address payee,
        uint256 commitment
    ) internal view returns (bytes memory) {
        return signed(rewards, ownerKey, keccak256(abi.encode(rewards.RECEIPT_TYPE(), roundId, payee, commitment)));
    }

    function consentOf(
        ShapleyRewards rewards,
        uint256 payeeKey,
        uint256 roundId,
        IShapleyRewards.Consent memory consent
    ) internal view returns (bytes memory) {
        return signed(rewards, payeeKey, keccak256(abi.encode(rewards.CONSENT_TYPE(), roundId, consent)));
    }

    function signed(ShapleyRewards rewards, uint256 key, bytes32 structHash) internal view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("zkcmp rewards"),
                keccak256("1"),
                block.chainid,
                address(rewards)
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = signingVm.sign(
            key,
            keccak256(abi.encodePacked(hex"1901", domain, structHash))
        );
        return abi.encodePacked(r, s, v);
    }

    /// The public signals of a round's proof, put together in another way than the contract does it.
    function signalsOf(
        uint256 roundId,
        IShapleyRewards.Round memory stored,
        IShapleyRewards.Result memory result
    ) internal pure returns (uint256[8] memory signals) {
        for (uint256 slot = 12; slot > 0; --slot) {
            int256 value = slot <= result.values.length ? int256(result.values[slot - 1]) : int256(0);
            uint256 word = (slot - 1) / 4;
            signals[word] = signals[word] * 2 ** 62 + uint256(value + VALUE_OFFSET);
        }
        signals[3] = stored.registry;
        signals[4] = result.modelCommitment;
        signals[5] = stored.validationCommitment;
        signals[6] = result.loss;
        signals[7] = roundId * 1024 + uint256(stored.providers) * 64 + stored.ridgeBits;
    }

    function digestOf(IShapleyRewards.Result memory result) internal pure returns (bytes32) {
        return keccak256(abi.encode(result.values, result.modelCommitment, result.loss));
    }

    function within(uint256 value, uint256 lowest, uint256 highest) internal pure returns (uint256) {
        return lowest + (value % (highest - lowest + 1));
    }
}
