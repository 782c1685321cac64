// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// @title An account with code that takes ether as it is told
/// @notice Test double for smart wallets and for hostile sellers and buyers. Anybody commands it.
contract MoodyAccount {
    /// @notice What happens when ether arrives. Accept: nothing. Reject: a revert. Spend: accepted after spending
    /// `gasToSpend`, as a smart wallet with its modules does. Burn: all gas is spent. Bomb: an answer of `bombSize`
    /// bytes. FailBomb: a revert of as many. Reenter: `callee` is called with `data`, and the ether accepted whatever comes
    /// of it. Demand: a revert at once, unless at least `gasToSpend` is there.
    enum Mood {
        Accept,
        Reject,
        Spend,
        Burn,
        Bomb,
        FailBomb,
        Reenter,
        Demand
    }

    /// @notice What happens when ether arrives.
    Mood public mood;

    /// @notice Whom mood Reenter calls.
    address public callee;

    /// @notice Whether the last call of mood Reenter succeeded.
    bool public succeeded;

    /// @notice The first word that the last call of mood Reenter came back with.
    bytes32 public answer;

    /// @notice What mood Reenter calls it with.
    bytes public data;

    /// @notice Gas spent in mood Spend, or asked for in mood Demand.
    uint256 public gasToSpend;

    /// @notice Bytes returned in the moods Bomb and FailBomb.
    uint256 public bombSize;

    /// @notice What a rejected payment reverts with.
    error NotInTheMood();

    receive() external payable {
        if (mood == Mood.Reject) revert NotInTheMood();
        if (mood == Mood.Demand && gasleft() < gasToSpend) revert NotInTheMood();
        if (mood == Mood.Spend) _spend(gasToSpend);
        if (mood == Mood.Burn) _burn();
        if (mood == Mood.Bomb) _bomb(bombSize);
        if (mood == Mood.FailBomb) _failBomb(bombSize);
        if (mood == Mood.Reenter) _reenter();
    }

    /// @notice Sets what happens when ether arrives.
    /// @param mood_ The mood
    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @notice Accepts ether after spending gas.
    /// @param gasToSpend_ How much
    function setSpending(uint256 gasToSpend_) external {
        mood = Mood.Spend;
        gasToSpend = gasToSpend_;
    }

    /// @notice Accepts ether only together with gas.
    /// @param gasToSpend_ How much
    function setDemand(uint256 gasToSpend_) external {
        mood = Mood.Demand;
        gasToSpend = gasToSpend_;
    }

    /// @notice Answers ether with a lot of data.
    /// @param bombSize_ How many bytes
    /// @param failing Whether to revert with them, in the place of returning them
    function setBomb(uint256 bombSize_, bool failing) external {
        mood = failing ? Mood.FailBomb : Mood.Bomb;
        bombSize = bombSize_;
    }

    /// @notice Calls out when ether arrives.
    /// @param callee_ Whom to call
    /// @param data_ What to call it with
    function setReentry(address callee_, bytes calldata data_) external {
        mood = Mood.Reenter;
        callee = callee_;
        data = data_;
    }

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

    function _reenter() private {
        bytes memory returned;
        (succeeded, returned) = callee.call(data);
        answer = bytes32(returned);
    }

    function _spend(uint256 amount) private view {
        uint256 start = gasleft();
        while (start - gasleft() < amount) {}
    }

    function _burn() private pure {
        assembly {
            invalid()
        }
    }

    function _bomb(uint256 size) private pure {
        assembly {
            return(0x00, size)
        }
    }

    function _failBomb(uint256 size) private pure {
        assembly {
            revert(0x00, size)
        }
    }
}
