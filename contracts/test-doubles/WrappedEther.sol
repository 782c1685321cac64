// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token without permits whose fallback accepts every call
/// @notice Test double, after the oldest wrapped ether: a permit "succeeds" there without any effect.
contract WrappedEther is ERC20 {
    constructor() ERC20("Wrapped", "WRP") {}

    fallback() external payable {
        _mint(msg.sender, msg.value);
    }

    receive() external payable {
        _mint(msg.sender, msg.value);
    }
}
