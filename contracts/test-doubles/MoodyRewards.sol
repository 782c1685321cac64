// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

import {IShapleyRewards} from "../interfaces/IShapleyRewards.sol";

/// @title A rewards contract that shows rounds and takes money as it is told
/// @notice Test double for good and hostile rewards contracts. Of {IShapleyRewards} it has what an escrow calls. Anybody
/// commands it.
contract MoodyRewards {
    /// @notice What happens when money arrives. Take: exactly the amount goes to the round. TakeLess: one unit stays
    /// behind. TakeNothing: all of it does. GiveBack: all is taken and one unit given back. Reject: a revert. Burn: all gas
    /// is spent. Bomb: taken, with an answer of 200,000 bytes. FailBomb: a revert of as many. Reenter: `callee` is called with
    /// `data`, and the money taken whatever comes of it.
    enum Mood {
        Take,
        TakeLess,
        TakeNothing,
        GiveBack,
        Reject,
        Burn,
        Bomb,
        FailBomb,
        Reenter
    }

    /// @notice How a round is shown. True: as it is. Fail: a revert. Nothing: no data. Short: one byte less than a word.
    /// Wild: words that are no round. Burn: all gas is spent.
    enum View {
        True,
        Fail,
        Nothing,
        Short,
        Wild,
        Burn
    }

    /// @notice What happens when money arrives.
    Mood public mood;

    /// @notice How a round is shown.
    View public shown;

    /// @notice Whom mood Reenter calls.
    address public callee;

    /// @notice Whether the last call of mood Reenter succeeded.
    bool public succeeded;

    /// @notice The first word that the last call of mood Reenter came back with.
    bytes32 public answer;

    /// @notice What mood Reenter calls it with.
    bytes public data;

    /// @notice What arrived for a round.
    mapping(uint256 roundId => uint256 amount) public pool;

    mapping(uint256 roundId => IShapleyRewards.Round shown) private _rounds;

    /// @notice What refused money reverts with.
    error NotInTheMood();

    /// @notice As in {IShapleyRewards}, as far as the mood goes. It neither knows deadlines nor compares value and amount.
    /// @param roundId The round
    /// @param amount How much
    function fund(uint256 roundId, uint256 amount) external payable {
        if (mood == Mood.Reject) revert NotInTheMood();
        if (mood == Mood.Burn) _burn();
        if (mood == Mood.FailBomb) _failBomb();
        if (mood == Mood.TakeNothing) return;
        if (mood == Mood.Reenter) _reenter();
        pool[roundId] += amount;
        IERC20 token = IERC20(_rounds[roundId].token);
        if (address(token) != address(0)) {
            uint256 taken = mood == Mood.TakeLess ? amount - 1 : amount;
            if (!token.transferFrom(msg.sender, address(this), taken)) revert NotInTheMood();
            if (mood == Mood.GiveBack && !token.transfer(msg.sender, 1)) revert NotInTheMood();
        }
        if (mood == Mood.Bomb) _bomb();
    }

    /// @notice Makes a round, or changes it.
    /// @param roundId The round
    /// @param round_ What to show of it
    function setRound(uint256 roundId, IShapleyRewards.Round calldata round_) external {
        _rounds[roundId] = round_;
    }

    /// @notice Sets what happens when money arrives.
    /// @param mood_ The mood
    function setMood(Mood mood_) external {
        mood = mood_;
    }

    /// @notice Sets how rounds are shown.
    /// @param shown_ How
    function setView(View shown_) external {
        shown = shown_;
    }

    /// @notice Calls out when money arrives.
    /// @param callee_ Whom to call
    /// @param data_ What to call it with
    function setReentry(address callee_, bytes calldata data_) external {
        mood = Mood.Reenter;
        callee = callee_;
        data = data_;
    }

    /// @notice Calls a token as this contract.
    /// @param to Whom to call
    /// @param callData What to call it with
    function execute(address to, bytes calldata callData) external {
        (bool done, bytes memory returned) = to.call(callData);
        if (done) return;
        assembly ("memory-safe") {
            revert(add(returned, 0x20), mload(returned))
        }
    }

    /// @notice As in {IShapleyRewards}, as far as `shown` goes.
    /// @param roundId The round
    /// @return round_ What is shown of it
    function round(uint256 roundId) external view returns (IShapleyRewards.Round memory round_) {
        if (shown == View.Fail) revert NotInTheMood();
        if (shown == View.Burn) _burn();
        if (shown == View.Nothing) _return(0);
        if (shown == View.Short) _return(31);
        if (shown == View.Wild) _wild();
        return _rounds[roundId];
    }

    function _reenter() private {
        bytes memory returned;
        (succeeded, returned) = callee.call(data);
        answer = bytes32(returned);
    }

    function _burn() private pure {
        assembly {
            invalid()
        }
    }

    function _return(uint256 size) private pure {
        assembly {
            return(0x00, size)
        }
    }

    function _wild() private pure {
        assembly {
            for {
                let i := 0
            } lt(i, 0x400) {
                i := add(i, 0x20)
            } {
                mstore(i, not(0))
            }
            return(0x00, 0x400)
        }
    }

    function _bomb() private pure {
        assembly {
            return(0x00, 200000)
        }
    }

    function _failBomb() private pure {
        assembly {
            revert(0x00, 200000)
        }
    }
}
