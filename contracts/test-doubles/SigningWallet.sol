// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// @title An account with code whose signatures are those of one key
/// @notice Test double for smart wallets (ERC-1271). Anybody commands it.
contract SigningWallet is IERC1271 {
    /// @notice Whose signatures are the wallet's.
    address public immutable SIGNER;

    /// @notice Makes a wallet.
    /// @param signer Whose signatures are the wallet's
    constructor(address signer) {
        SIGNER = signer;
    }

    receive() external payable {}

    /// @notice Makes this account call another. Reverts as that call does.
    /// @param to Whom to call
    /// @param callData What to call it with
    function execute(address to, bytes calldata callData) external payable {
        (bool done, bytes memory returned) = to.call{value: msg.value}(callData);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4 magicValue) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return recovered == SIGNER ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}
