// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title A token that answers transfers as it is told
/// @notice Test double for tokens that are old, broken or hostile. Anybody mints and sets the mood.
contract MoodyToken {
    /// @notice How a transfer is answered. Only True, Nothing and Bomb move anything.
    /// True: as the standard says. Nothing: no data. False, Two, Short: that value, or one byte less than a word.
    /// Lie: `true`, though nothing moved. Fail: a revert. Burn: all gas is spent. Bomb: `true` and 200,000 bytes more.
    /// FailBomb: a revert with 200,000 bytes.
    enum Mood {
        True,
        Nothing,
        False,
        Two,
        Short,
        Lie,
        Fail,
        Burn,
        Bomb,
        FailBomb
    }

    /// @notice Balances, as in ERC-20.
    mapping(address account => uint256 amount) public balanceOf;

    /// @notice How `transfer` is answered.
    Mood public transferMood;

    /// @notice How `transferFrom` is answered.
    Mood public transferFromMood;

    /// @notice What a failing transfer reverts with.
    error NotInTheMood();

    /// @notice Makes new tokens.
    /// @param to Who gets them
    /// @param amount How many units
    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    /// @notice Sets how transfers are answered.
    /// @param forTransfer For `transfer`
    /// @param forTransferFrom For `transferFrom`
    function setMood(Mood forTransfer, Mood forTransferFrom) external {
        transferMood = forTransfer;
        transferFromMood = forTransferFrom;
    }

    /// @notice As in ERC-20, except for the answer.
    /// @param to The recipient
    /// @param amount How many units
    function transfer(address to, uint256 amount) external {
        _answer(transferMood, msg.sender, to, amount);
    }

    /// @notice As in ERC-20, except for the answer. Needs no allowance.
    /// @param from The owner
    /// @param to The recipient
    /// @param amount How many units
    function transferFrom(address from, address to, uint256 amount) external {
        _answer(transferFromMood, from, to, amount);
    }

    function _answer(Mood mood, address from, address to, uint256 amount) private {
        if (mood == Mood.Fail) revert NotInTheMood();
        if (mood == Mood.FailBomb) _failBomb();
        if (mood == Mood.Burn) _burn();
        if (mood == Mood.True || mood == Mood.Nothing || mood == Mood.Bomb) {
            balanceOf[from] -= amount;
            balanceOf[to] += amount;
        }
        if (mood == Mood.Nothing) _return(0, 0);
        if (mood == Mood.False) _return(0, 32);
        if (mood == Mood.Two) _return(2, 32);
        if (mood == Mood.Short) _return(0, 31);
        if (mood == Mood.Bomb) _return(1, 200_000);
        _return(1, 32);
    }

    function _return(uint256 word, uint256 size) private pure {
        assembly {
            mstore(0x00, word)
            return(0x00, size)
        }
    }

    function _failBomb() private pure {
        assembly {
            revert(0x00, 200000)
        }
    }

    function _burn() private pure {
        assembly {
            invalid()
        }
    }
}
