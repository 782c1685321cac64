import { type FieldElement, multiply, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels, RoundMessage } from "@zkcmp/field/kernels/kernels";
import type { ProverChannel } from "../channel.ts";
import { powers } from "../multilinear.ts";
import { type TableClaim, variablesOf, type Weights } from "../table.ts";
import {
  claimedTables,
  openingVariables,
  type TableOpening,
  tableVariables,
  vanishingAbove,
} from "../verifier/table-claims.ts";
import { sendRound } from "./sumcheck.ts";
import type { ProverTable } from "./table.ts";

/** Two factors of which the rounds sum the product. */
interface Factors {
  weights: FieldVector;
  values: FieldVector;
}

/** Claims of one table with the same copy weights, as one: slot weights are the sum of beta^i slotWeights_i. */
interface ClaimGroup {
  readonly copyWeights: Weights;
  readonly slotWeights: FieldVector;
}

/**
 * The prover of `verifyTableClaims`. Claims have rank one, copy weights times slot weights, so nothing of the size of a table is
 * made: the rounds over copies run, for each different copy weights E, on E and the table contracted with the slot weights; then the
 * copies are bound to a point, which contracts the table to one row and every E to one number.
 * @returns the openings with their values
 */
export function proveTableClaims(
  kernels: Kernels,
  channel: ProverChannel,
  tables: readonly ProverTable[],
  columns: number,
  claims: readonly TableClaim<FieldElement>[],
): readonly TableOpening<FieldElement>[] {
  return kernels.scope(() => {
    const beta = channel.challenge("table claims");
    const factors = powers(beta, claims.length);
    const claimed = claimedTables(claims);
    const sums = claimed.map(
      (table) =>
        new TableSum(
          kernels,
          tables[table]!,
          claims.flatMap((claim, i) => (claim.table === table ? [[factors[i]!, claim] as const] : [])),
        ),
    );
    const shapes = claimed.map((table) => tables[table]!.shape);
    const variables = Math.max(0, ...shapes.map((shape) => openingVariables(shape, columns)));

    let current = reduce(claims.reduce((sum, { value }, i) => sum + factors[i]! * value, 0n));
    const point: FieldElement[] = [];
    for (let round = 0; round < variables; round++) {
      const left = variables - round;
      let [atZero, atInfinity] = [0n, 0n];
      for (const sum of sums) {
        const message = sum.round(left);
        atZero += message.atZero;
        atInfinity += message.atInfinity;
      }
      const messages = { atZero: reduce(atZero), atInfinity: reduce(atInfinity) };
      const sent = sendRound(channel, messages, current, `table claims round ${round}`);
      current = sent.claim;
      point.push(sent.r);
      for (const sum of sums) sum.bind(left, sent.r);
    }

    const openings = claimed.map((table, i) => {
      const own = point.slice(variables - openingVariables(shapes[i]!, columns));
      const above = own.slice(0, own.length - tableVariables(shapes[i]!));
      return { table, point: own, value: multiply(vanishingAbove(above), sums[i]!.value()) };
    });
    channel.send(
      openings.map(({ value }) => value),
      "table claims end",
    );
    return openings;
  });
}

/** One table's part of the joint sumcheck: the sum over copies and slots of A(c, s) V(c, s). */
class TableSum {
  readonly #kernels: Kernels;
  readonly #table: ProverTable;
  readonly #groups: readonly ClaimGroup[];
  readonly #copyVariables: number;
  readonly #slotVariables: number;
  /** prod of 1 - r over the bound variables above the table's own. */
  #scale = reduce(1n);
  readonly #copyPoint: FieldElement[] = [];
  /** What is left of the table's sum while no variable of its own is bound. */
  readonly #total: FieldElement;
  /** One for each group while copies are bound, then one over the slots. */
  #factors: Factors[];

  constructor(
    kernels: Kernels,
    table: ProverTable,
    claims: readonly (readonly [FieldElement, TableClaim<FieldElement>])[],
  ) {
    this.#kernels = kernels;
    this.#table = table;
    this.#copyVariables = variablesOf(table.shape.copies);
    this.#slotVariables = variablesOf(table.shape.slots);
    this.#total = reduce(claims.reduce((sum, [factor, { value }]) => sum + factor * value, 0n));
    this.#groups = this.#groupClaims(claims);
    this.#factors =
      this.#copyVariables === 0
        ? [this.#overSlots(this.#groups.map(({ copyWeights }) => this.#copyVector(copyWeights)))]
        : this.#groups.map(({ copyWeights, slotWeights }) => ({
            weights: this.#copyVector(copyWeights),
            values: table.combineSlots(slotWeights),
          }));
  }

  /** The part in the round that binds the variable with `left` - 1 variables below it. */
  round(left: number): RoundMessage {
    if (left > this.#copyVariables + this.#slotVariables) {
      return { atZero: multiply(this.#scale, this.#total), atInfinity: reduce(0n) };
    }
    const half = 2 ** (this.#variablesOfPhase(left) - 1);
    let [atZero, atInfinity] = [0n, 0n];
    for (const { weights, values } of this.#factors) {
      const message = this.#kernels.productRound(weights, values, half);
      atZero += message.atZero;
      atInfinity += message.atInfinity;
    }
    return { atZero: reduce(this.#scale * atZero), atInfinity: reduce(this.#scale * atInfinity) };
  }

  /** Binds that variable to the challenge. */
  bind(left: number, r: FieldElement): void {
    if (left > this.#copyVariables + this.#slotVariables) {
      this.#scale = multiply(this.#scale, reduce(1n - r));
      return;
    }
    const half = 2 ** (this.#variablesOfPhase(left) - 1);
    for (const factors of this.#factors) {
      factors.weights = this.#kernels.fold(factors.weights, half, r);
      factors.values = this.#kernels.fold(factors.values, half, r);
    }
    if (left <= this.#slotVariables) return;
    this.#copyPoint.push(r);
    if (left === this.#slotVariables + 1) {
      this.#factors = [this.#overSlots(this.#factors.map(({ weights }) => weights))];
    }
  }

  /** V~ at the point of the table's own variables, once all are bound. */
  value(): FieldElement {
    return this.#kernels.element(this.#factors[0]!.values, 0);
  }

  #variablesOfPhase(left: number): number {
    return left > this.#slotVariables ? left - this.#slotVariables : left;
  }

  /** The product that is left when all copy variables are bound: each group's copy weights are one number, the table one row. */
  #overSlots(copyWeights: readonly FieldVector[]): Factors {
    const kernels = this.#kernels;
    const weights = kernels.zeros(this.#table.shape.slots);
    this.#groups.forEach(({ slotWeights }, i) => {
      kernels.addScaled(weights, kernels.element(copyWeights[i]!, 0), slotWeights);
    });
    return { weights, values: this.#table.combineCopies(kernels.equality(this.#copyPoint)) };
  }

  #groupClaims(claims: readonly (readonly [FieldElement, TableClaim<FieldElement>])[]): ClaimGroup[] {
    const groups = new Map<string, ClaimGroup>();
    for (const [factor, { copyWeights, slotWeights }] of claims) {
      const key = weightsKey(copyWeights);
      const group = groups.get(key) ?? {
        copyWeights,
        slotWeights: this.#kernels.zeros(this.#table.shape.slots),
      };
      groups.set(key, group);
      this.#kernels.scope(() => {
        const own =
          slotWeights.kind === "equality"
            ? this.#kernels.equality(slotWeights.point)
            : this.#kernels.fromField(slotWeights.values);
        this.#kernels.addScaled(group.slotWeights, factor, own);
      });
    }
    return [...groups.values()];
  }

  #copyVector(weights: Weights): FieldVector {
    if (weights.kind === "equality") return this.#kernels.equality(weights.point);
    return this.#kernels.fromField(weights.values.length === 0 ? [reduce(0n)] : weights.values);
  }
}

function weightsKey(weights: Weights): string {
  return weights.kind === "equality" ? `equality ${weights.point.join()}` : `vector ${weights.values.join()}`;
}
