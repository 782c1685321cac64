import type { RoundShape } from "../src/round-shape.ts";
import type { Samples } from "../src/samples.ts";

/*
 * The definitions in floating point, row by row and permutation by permutation, sharing no code with what they check.
 */

/** Rows of signed numbers, the intercept's column first. */
function signedRows(shape: RoundShape, samples: Samples): { x: number[]; y: number[] }[] {
  const middle = 2 ** (shape.dataBits - 1);
  return samples.rows.map((row) => {
    const signed = [...row].map((digit) => digit - middle);
    return { x: [middle, ...signed.slice(0, shape.features)], y: signed.slice(shape.features) };
  });
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, j) => [...row, right[j]!]);
  const d = rows.length;
  for (let column = 0; column < d; column++) {
    let pivot = column;
    for (let j = column; j < d; j++) if (Math.abs(rows[j]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = j;
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let j = 0; j < d; j++) {
      if (j === column) continue;
      const factor = rows[j]![column]! / rows[column]![column]!;
      for (let l = column; l <= d; l++) rows[j]![l]! -= factor * rows[column]![l]!;
    }
  }
  return rows.map((row, j) => row[d]! / row[j]!);
}

/** Ridge coefficients, one array an output. */
export function floatRidge(shape: RoundShape, ridge: number, samples: Samples): number[][] {
  const rows = signedRows(shape, samples);
  const d = shape.features + 1;
  return Array.from({ length: shape.outputs }, (_, c) => {
    const matrix = Array.from({ length: d }, (_row, j) =>
      Array.from({ length: d }, (_column, l) => rows.reduce((sum, { x }) => sum + x[j]! * x[l]!, j === l ? ridge : 0)),
    );
    return solve(
      matrix,
      Array.from({ length: d }, (_row, j) => rows.reduce((sum, { x, y }) => sum + x[j]! * y[c]!, 0)),
    );
  });
}

/** Sum of squared errors in squared digits. */
export function floatLoss(shape: RoundShape, coefficients: number[][], samples: Samples): number {
  return signedRows(shape, samples).reduce((total, { x, y }) => {
    const errors = y.map((target, c) => target - x.reduce((sum, value, j) => sum + value * coefficients[c]![j]!, 0));
    return total + errors.reduce((sum, error) => sum + error * error, 0);
  }, 0);
}

export function permutations(players: number): number[][] {
  if (players === 0) return [[]];
  return permutations(players - 1).flatMap((rest) =>
    Array.from({ length: players }, (_, at) => [...rest.slice(0, at), players - 1, ...rest.slice(at)]),
  );
}

/** Mean marginal contributions over all orders of the players. */
export function floatShapley(players: number, utility: (coalition: readonly number[]) => number): number[] {
  const orders = permutations(players);
  const sums = new Array<number>(players).fill(0);
  for (const order of orders) {
    order.forEach((player, at) => {
      sums[player]! += utility(order.slice(0, at + 1)) - utility(order.slice(0, at));
    });
  }
  return sums.map((sum) => sum / orders.length);
}

/** Shapley values of a round in squared digits. */
export function floatRound(
  shape: RoundShape,
  ridge: number,
  providers: readonly Samples[],
  validation: Samples,
): number[] {
  const zero = Array.from({ length: shape.outputs }, () => new Array<number>(shape.features + 1).fill(0));
  return floatShapley(providers.length, (coalition) => {
    const rows = coalition.flatMap((player) => providers[player]!.rows);
    const trained = coalition.length === 0 ? zero : floatRidge(shape, ridge, { rows });
    return floatLoss(shape, zero, validation) - floatLoss(shape, trained, validation);
  });
}
