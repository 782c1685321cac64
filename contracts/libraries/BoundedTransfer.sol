// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @title Transfers whose recipient can neither fail the caller nor spend more than it was given
/// @notice Sends ether or an ERC-20 token with a limit on gas and says whether it was delivered, in the place of a
/// revert. No return data is copied beyond one word, so an endless answer costs the caller nothing.
library BoundedTransfer {
    /// @notice Stands for ether in the place of a token's address.
    address internal constant ETHER = address(0);

    /// @notice Sends `amount` of `token` to `to` and gives the call at most `gasLimit`.
    /// @dev The EVM silently gives less when less than `gasLimit` * 64 / 63 is left. Callers who care check before.
    /// @param token The ERC-20 token, or the zero address for ether
    /// @param to The recipient
    /// @param amount The amount in units of `token`
    /// @param gasLimit The gas that the recipient, or the token, may spend
    /// @return delivered Whether the transfer succeeded. After false a token may have moved something all the same, if it
    /// answered in another way than by a revert: whoever goes on must revert the frame that made this call.
    function trySend(address token, address to, uint256 amount, uint256 gasLimit) internal returns (bool delivered) {
        return token == ETHER ? _trySendEther(to, amount, gasLimit) : _trySendToken(token, to, amount, gasLimit);
    }

    function _trySendEther(address to, uint256 amount, uint256 gasLimit) private returns (bool delivered) {
        // Solidity's own call copies whatever is returned, at the caller's cost.
        assembly ("memory-safe") {
            delivered := call(gasLimit, to, amount, 0x00, 0x00, 0x00, 0x00)
        }
    }

    /// @dev Delivered means: the call succeeded and returned `true`, or returned nothing from an address with code, as
    /// tokens older than the standard do.
    function _trySendToken(
        address token,
        address to,
        uint256 amount,
        uint256 gasLimit
    ) private returns (bool delivered) {
        bytes memory data = abi.encodeCall(IERC20.transfer, (to, amount));
        assembly ("memory-safe") {
            // The answer's first word goes to the scratch space, of which a short answer leaves a part unwritten:
            // hence the look at the size.
            let succeeded := call(gasLimit, token, 0x00, add(data, 0x20), mload(data), 0x00, 0x20)
            switch returndatasize()
            case 0 {
                delivered := and(succeeded, gt(extcodesize(token), 0))
            }
            default {
                delivered := and(succeeded, and(gt(returndatasize(), 0x1f), eq(mload(0x00), 1)))
            }
        }
    }
}
