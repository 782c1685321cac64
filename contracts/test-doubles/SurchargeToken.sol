// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that burns one per cent of each transfer, on top of it, at the sender's cost
/// @notice Test double. Anybody mints.
contract SurchargeToken is ERC20 {
    constructor() ERC20("Surcharge", "SUR") {}

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && to != address(0)) super._update(from, address(0), amount / 100);
    }
}
