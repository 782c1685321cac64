// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that calls out on each transfer, before or after the balances change
/// @notice Test double for tokens with hooks (ERC-777 and its kin). Anybody mints and sets the hook.
contract HookToken is ERC20 {
    /// @notice Whom the hook calls. No call if zero.
    address public callee;

    /// @notice Whether the hook's call comes after the balances have changed.
    bool public afterwards;

    /// @notice Whether the last hook's call succeeded.
    bool public succeeded;

    /// @notice The first word that the last hook's call came back with.
    bytes32 public answer;

    /// @notice What the hook calls it with.
    bytes public data;

    constructor() ERC20("Hook", "HOK") {}

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Makes new tokens, without calling out.
    /// @param to Who gets them
    /// @param amount How many units
    function grant(address to, uint256 amount) external {
        super._update(address(0), to, amount);
    }

    /// @notice Destroys tokens of any account, without calling out.
    /// @param from Who loses them
    /// @param amount How many units
    function seize(address from, uint256 amount) external {
        super._update(from, address(0), amount);
    }

    /// @notice Sets the call that each transfer makes.
    /// @param callee_ Whom to call, or zero for nobody
    /// @param data_ What to call it with
    /// @param afterwards_ Whether to call after the balances have changed
    function setHook(address callee_, bytes calldata data_, bool afterwards_) external {
        callee = callee_;
        data = data_;
        afterwards = afterwards_;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (!afterwards) _callOut();
        super._update(from, to, amount);
        if (afterwards) _callOut();
    }

    function _callOut() private {
        if (callee == address(0)) return;
        bytes memory returned;
        (succeeded, returned) = callee.call(data);
        answer = bytes32(returned);
    }
}
