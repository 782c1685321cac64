// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that moves coins and answers as the recipient likes
/// @notice Test double for tokens which hand the answer of the recipient's hook on. Anybody mints.
contract AnsweringToken is ERC20 {
    mapping(address recipient => bool denies) private _denies;

    constructor() ERC20("Answering", "ANS") {}

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Makes transfers to the caller answer `false`, though they move the coins.
    /// @param denies Whether to answer so
    function deny(bool denies) external {
        _denies[msg.sender] = denies;
    }

    /// @inheritdoc ERC20
    function transfer(address to, uint256 amount) public override returns (bool delivered) {
        super.transfer(to, amount);
        return !_denies[to];
    }
}
