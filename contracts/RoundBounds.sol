// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IShapleyRewards} from "./interfaces/IShapleyRewards.sol";

/// @title What follows from the shape of a round alone
/// @notice The same integers as `@zkcmp/shapley/bounds`, which says how they are derived. With X = 2^(b-1), d = F + 1 and M = P m:
/// every digit of a row is in [-X, X), a coefficient in [-2^(f+g-1), 2^(f+g-1)).
/// @dev Of shapes that {isWithinLimits} accepts, with a ridge penalty within {ridgeLimits}, no integer here exceeds 2^230, and no
/// integer of a circuit comes near the field order.
library RoundBounds {
    uint256 private constant LARGEST_PROVIDERS = 12;
    uint256 private constant LARGEST_ROWS = 2 ** 20;
    uint256 private constant LARGEST_FEATURES = 2 ** 12;
    uint256 private constant LARGEST_OUTPUTS = 2 ** 8;

    /// @dev l has 6 bits in the circuit.
    uint256 private constant LARGEST_RIDGE_BITS = 63;

    /// @dev Bits of a value without its sign.
    uint256 private constant VALUE_BITS = 61;

    /// @notice Whether a shape is one that a circuit can have and that some ridge penalty suits.
    /// @param shape The shape
    /// @return within Whether it is
    function isWithinLimits(IShapleyRewards.Shape memory shape) internal pure returns (bool within) {
        bool counts =
            _isIn(shape.providers, 1, LARGEST_PROVIDERS) &&
                _isIn(shape.rows, 1, LARGEST_ROWS) &&
                _isIn(shape.features, 1, LARGEST_FEATURES) &&
                _isIn(shape.outputs, 1, LARGEST_OUTPUTS) &&
                _isIn(shape.validationRows, 1, LARGEST_ROWS);
        bool widths =
            _isIn(shape.dataBits, 2, 16) && _isIn(shape.fractionBits, 24, 48) && _isIn(shape.integerBits, 2, 10);
        if (!counts || !widths) return false;
        (uint256 least, uint256 most) = ridgeLimits(shape);
        return least <= most;
    }

    /// @notice The ridge penalties for which an honest proof exists whatever the rows are. From the least on, no coefficient exceeds
    /// 2^(f+g-2); up to the most, rounding leaves residuals within the range that the circuit checks.
    /// @param shape The shape
    /// @return least The least bits: max(0, ceil(log2(M X^2)) - 2 (g - 1))
    /// @return most The most bits: min(63, floor(log2(m X^2)))
    function ridgeLimits(IShapleyRewards.Shape memory shape) internal pure returns (uint256 least, uint256 most) {
        uint256 energy = _energy(shape);
        uint256 bits = Math.log2(shape.providers * energy, Math.Rounding.Ceil);
        least = Math.saturatingSub(bits, 2 * (uint256(shape.integerBits) - 1));
        most = Math.min(LARGEST_RIDGE_BITS, Math.log2(energy));
    }

    /// @notice The slack: by how much the sum of P values may differ from that of the exact ones, P * (ceil(2 eta P! / 2^T) + 1).
    /// eta = k n_v (2 2^f X (1 + root) d X rho + d^2 X^2 rho^2) bounds the error of one coalition's utility, where
    /// rho = 2^(Be(P) - 1 - l) stands for the largest residual over the penalty and root = ceil(sqrt(ceil(d M X^2 / 2^(l+2)))).
    /// @param shape The shape, within its limits
    /// @param ridgeBits l, within {ridgeLimits}
    /// @return slack The slack, in units of a value
    function slackOf(IShapleyRewards.Shape memory shape, uint256 ridgeBits) internal pure returns (uint256 slack) {
        uint256 energy = _energy(shape);
        uint256 d = uint256(shape.features) + 1;
        uint256 x = _offset(shape);
        uint256 squares = d * shape.providers * energy;
        uint256 root = Math.sqrt(Math.ceilDiv(squares, 4 << ridgeBits), Math.Rounding.Ceil);
        // Be(P) - 1 is the bit length of the largest residual of an honest prover.
        uint256 residualBits = _bitLength(Math.ceilDiv(energy * (d * shape.providers + 1), 2));
        uint256 spread = (d * x) << (residualBits - ridgeBits);
        uint256 eta = _targets(shape) * (((2 * x * (1 + root) * spread) << shape.fractionBits) + spread * spread);
        uint256 sigma = Math.ceilDiv(2 * eta * _factorial(shape.providers), 1 << valueShift(shape)) + 1;
        return shape.providers * sigma;
    }

    /// @notice The largest sum of values that a model can earn: floor(P! k n_v 2^(2f) X^2 / 2^T), by predicting all of a
    /// validation set of largest targets.
    /// @param shape The shape, within its limits
    /// @return total The sum, in units of a value
    function largestTotal(IShapleyRewards.Shape memory shape) internal pure returns (uint256 total) {
        uint256 x = _offset(shape);
        uint256 loss = (_targets(shape) * x * x) << (2 * uint256(shape.fractionBits));
        return (_factorial(shape.providers) * loss) >> valueShift(shape);
    }

    /// @notice T, the bits that are cut off so that a value fits: max(0, bits of P! times the largest loss - 61).
    /// @param shape The shape
    /// @return shift T
    function valueShift(IShapleyRewards.Shape memory shape) internal pure returns (uint256 shift) {
        return Math.saturatingSub(_bitLength(_largestNumerator(shape)), VALUE_BITS);
    }

    /// @dev P! k n_v X^2 (2^f + d 2^(f+g))^2.
    function _largestNumerator(IShapleyRewards.Shape memory shape) private pure returns (uint256 largest) {
        uint256 d = uint256(shape.features) + 1;
        uint256 x = _offset(shape);
        uint256 residual = x * ((1 << shape.fractionBits) + (d << (uint256(shape.fractionBits) + shape.integerBits)));
        return _factorial(shape.providers) * _targets(shape) * residual * residual;
    }

    /// @dev m X^2, the largest sum of squares of one column of one provider.
    function _energy(IShapleyRewards.Shape memory shape) private pure returns (uint256 energy) {
        uint256 x = _offset(shape);
        return shape.rows * x * x;
    }

    /// @dev k n_v, how many targets a validation set has.
    function _targets(IShapleyRewards.Shape memory shape) private pure returns (uint256 targets) {
        return uint256(shape.outputs) * shape.validationRows;
    }

    /// @dev X = 2^(b-1).
    function _offset(IShapleyRewards.Shape memory shape) private pure returns (uint256 offset) {
        return 1 << (shape.dataBits - 1);
    }

    function _factorial(uint256 n) private pure returns (uint256 product) {
        product = 1;
        for (uint256 i = 2; i <= n; ++i) product *= i;
    }

    function _bitLength(uint256 n) private pure returns (uint256 bits) {
        return n == 0 ? 0 : Math.log2(n) + 1;
    }

    function _isIn(uint256 value, uint256 least, uint256 most) private pure returns (bool inside) {
        return value >= least && value <= most;
    }
}
