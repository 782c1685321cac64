// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title A token that deals with allowances as it is told
/// @notice Test double for tokens whose allowances are old, broken or hostile. Anybody mints and sets the mood.
contract ApprovalToken is ERC20 {
    /// @notice What happens to an approval. True: as the standard says. Nothing: it is set, and no data answered. False: it
    /// is set, and `false` answered. Fail: a revert. Lie: `true`, though nothing is set. FirstZero: a revert if another
    /// approval than zero stands. Endless: set as the standard says, but a transfer does not count it down.
    enum Mood {
        True,
        Nothing,
        False,
        Fail,
        Lie,
        FirstZero,
        Endless
    }

    /// @notice What happens to an approval.
    Mood public mood;

    /// @notice What a failing approval reverts with.
    error NotInTheMood();

    constructor() ERC20("Approval", "APP") {}

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Sets what happens to an approval.
    /// @param mood_ The mood
    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @notice Writes an allowance of any account, whatever the mood.
    /// @param owner Whose tokens
    /// @param spender Who may take them
    /// @param amount How many
    function grant(address owner, address spender, uint256 amount) external {
        _approve(owner, spender, amount);
    }

    /// @inheritdoc ERC20
    function approve(address spender, uint256 amount) public override returns (bool) {
        if (mood == Mood.Fail) revert NotInTheMood();
        if (mood == Mood.FirstZero && amount != 0 && allowance(msg.sender, spender) != 0) revert NotInTheMood();
        if (mood != Mood.Lie) super.approve(spender, amount);
        if (mood == Mood.Nothing) {
            assembly {
                return(0x00, 0x00)
            }
        }
        return mood != Mood.False;
    }

    function _spendAllowance(address owner, address spender, uint256 amount) internal override {
        if (mood == Mood.Endless) return;
        super._spendAllowance(owner, spender, amount);
    }
}
