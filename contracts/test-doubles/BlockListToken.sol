// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that refuses to move to or from listed accounts
/// @notice Test double. Anybody mints and lists.
contract BlockListToken is ERC20 {
    mapping(address account => bool blocked) private _blocked;

    /// @notice The account is on the list.
    /// @param account The account
    error Blocked(address account);

    constructor() ERC20("BlockList", "BLK") {}

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Puts an account on the list or takes it off.
    /// @param account The account
    /// @param blocked Whether it shall be on the list
    function setBlocked(address account, bool blocked) external {
        _blocked[account] = blocked;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (_blocked[from]) revert Blocked(from);
        if (_blocked[to]) revert Blocked(to);
        super._update(from, to, amount);
    }
}
