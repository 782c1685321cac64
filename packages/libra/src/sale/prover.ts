import { type FieldElement, reduce } from "@zkcmp/field/element";
import type { FieldVector, Kernels } from "@zkcmp/field/kernels/kernels";
import type { Progress } from "@zkcmp/sale/proof-system";
import { challenges, type ProverChannel } from "../channel.ts";
import { equalityVector, innerProduct, usedAt } from "../multilinear.ts";
import { proveDenseRelation } from "../prover/dense-relation.ts";
import { proveLayeredCircuit } from "../prover/layered-circuit.ts";
import { proveMatrixProduct } from "../prover/matrix-product.ts";
import type { ProverTable } from "../prover/table.ts";
import { type TableClaim, variablesOf } from "../table.ts";
import { activationOutputWeights } from "./activation-circuit.ts";
import type { Integers } from "./batch-inference.ts";
import {
  boxClaimValue,
  claimAt,
  drawActivationWeights,
  drawParameterPoints,
  type LayerClaims,
  scaled,
  sourcesOfLayer,
  splitLayers,
  termClaim,
  topWeights,
} from "./claims.ts";
import { digitMatrix, digitOffset, digitWeights } from "./digit-weights.ts";
import { combinedInputs, type SalePublicData } from "./public-data.ts";
import { type RelationTerm, saleRelations } from "./relations.ts";
import type { SaleSystem } from "./sale-system.ts";
import { labelWeights, scoreMatrix } from "./score-circuit.ts";
import type { SaleTables } from "./witness.ts";

type Claim = TableClaim<FieldElement>;

/** The prover of `verifySale`: the same steps in the same order, with values. */
export function proveSale(
  kernels: Kernels,
  system: SaleSystem,
  data: SalePublicData,
  witness: SaleTables,
  channel: ProverChannel,
  tables: readonly ProverTable[],
  progress: Progress = () => undefined,
): readonly Claim[] {
  const prover = new SaleProver(kernels, system, data, witness, channel, tables);
  const steps: readonly [string, () => void][] = [
    ["matrix products", () => prover.layers()],
    ["activations", () => prover.activations()],
    ["scores", () => prover.scores()],
    ["bits", () => prover.bits()],
    ["keystream", () => prover.permutations()],
    ["weights", () => prover.parameters()],
    ["relations", () => prover.relations()],
  ];
  for (const [name, run] of steps) {
    progress(name);
    kernels.scope(run);
  }
  return prover.claims;
}

class SaleProver {
  readonly claims: Claim[] = [];
  readonly #kernels: Kernels;
  readonly #system: SaleSystem;
  readonly #data: SalePublicData;
  readonly #witness: SaleTables;
  readonly #channel: ProverChannel;
  readonly #tables: readonly ProverTable[];
  readonly #tau: readonly FieldElement[];
  readonly #layers: LayerClaims<FieldElement>[] = [];

  constructor(
    kernels: Kernels,
    system: SaleSystem,
    data: SalePublicData,
    witness: SaleTables,
    channel: ProverChannel,
    tables: readonly ProverTable[],
  ) {
    this.#kernels = kernels;
    this.#system = system;
    this.#data = data;
    this.#witness = witness;
    this.#channel = channel;
    this.#tables = tables;
    this.#tau = challenges(channel, variablesOf(system.rows), "rows");
  }

  layers(): void {
    const kernels = this.#kernels;
    const { shape, rows } = this.#system;
    const used = usedAt(rows, this.#tau);
    const atTau = new Map<number, readonly FieldElement[]>();
    for (let layer = shape.layers.length - 1; layer >= 0; layer--) {
      const { inputs, outputs, biasShift } = shape.layers[layer]!;
      const name = `layer ${layer}`;
      const rowPoint = challenges(this.#channel, variablesOf(outputs), `${name} neurons`);
      const neuronWeights = equalityVector(rowPoint).slice(0, outputs);
      const sources = sourcesOfLayer(this.#system, this.#data, layer, this.#tau, neuronWeights);
      const values = sources.map(({ table, slotWeights }) => {
        if (!atTau.has(table)) atTau.set(table, this.#rowAt(table, this.#tau));
        return innerProduct(atTau.get(table)!, slotWeights);
      });
      const { weights, biases } = this.#witness.network.layers[layer]!;
      const bias = reduce(neuronWeights.reduce((sum, weight, j) => sum + weight * BigInt(biases[j]!), 0n));
      this.#channel.send([bias, ...values], `${name} values`);
      sources.forEach(({ table, slotWeights }, i) => {
        this.claims.push({ ...claimAt(table, this.#tau, slotWeights), value: values[i]! });
      });
      const offset = sources.reduce((sum, source) => sum + source.offset, 0n);
      const product = reduce(values.reduce((sum, value) => sum + value, -offset) - (used << BigInt(biasShift)) * bias);
      const small = shape.weightBits <= 8 ? Int8Array.from(weights) : Int16Array.from(weights);
      const left = kernels.combineRows(kernels.fromSmall(small), inputs, kernels.fromField(neuronWeights));
      const right = layer === 0 ? combinedInputs(kernels, this.#system, this.#data, this.#tau) : this.#inputsOf(layer);
      const factor = layer === 0 ? "public" : "private";
      const result = proveMatrixProduct(kernels, this.#channel, left, right, product, factor, name);
      const claims = { weights: result.left, biases: bias, inputs: result.right };
      this.#layers[layer] = { rowPoint, columnPoint: result.point, ...claims };
    }
  }

  activations(): void {
    const { activations, rows } = this.#system;
    const byRange: FieldElement[][] = activations.map(() => []);
    splitLayers(this.#system).forEach(({ layer, parts }) => {
      const values = parts.length === 1 ? [this.#layers[layer + 1]!.inputs] : this.#splitInputs(layer + 1);
      parts.forEach(({ group, place }, i) => (byRange[group]![place] = values[i]!));
    });
    activations.forEach((group, table) => {
      const { zeros, factors } = drawActivationWeights(this.#channel, group);
      const slotWeights = activationOutputWeights(
        group,
        zeros,
        group.ranges.map(({ layer }, i) => scaled(factors[i]!, equalityVector(this.#layers[layer + 1]!.columnPoint))),
      );
      const claim = { copyPoint: this.#tau, slotWeights, value: innerProduct(factors, byRange[table]!) };
      this.#circuit(table, group.circuit, rows, claim);
    });
  }

  scores(): void {
    const kernels = this.#kernels;
    const { scores, rows } = this.#system;
    const { judged } = this.#data;
    const { table, slots, circuit } = scores;
    const slotWeights = equalityVector(challenges(this.#channel, variablesOf(slots), "score outputs"));
    this.#circuit(table, circuit, rows, { copyPoint: this.#tau, slotWeights, value: reduce(0n) });
    if (scores.kind !== "accuracy" || judged.kind !== "accuracy") return;

    const weights = topWeights(scores);
    const top = innerProduct(this.#rowAt(table, this.#tau), weights);
    this.#channel.send([top], "label scores");
    this.claims.push({ ...claimAt(table, this.#tau, weights), value: top });
    const matrix = scoreMatrix(scores, rows);
    const columns = this.#tables[table]!.values.wide.slice(0, scores.classes);
    const values = kernels.zeros(columns[0]!.length * matrix.columns);
    columns.forEach((column, label) => kernels.write(values, label, matrix.columns, column));
    const ofLabels = labelWeights(kernels, matrix, judged.labels, this.#tau);
    const input = proveDenseRelation(kernels, this.#channel, matrix, ofLabels, values, top, "label scores");
    this.claims.push({ table, ...input });
  }

  bits(): void {
    const { words, surplus } = this.#system;
    for (const { table, circuit, copies } of [
      { ...words, copies: words.words },
      { ...surplus, copies: 1 },
    ]) {
      const copyPoint = challenges(this.#channel, variablesOf(copies), `${circuit.name} copies`);
      const outputs = challenges(this.#channel, variablesOf(circuit.inputSlots), `${circuit.name} outputs`);
      const claim = { copyPoint, slotWeights: equalityVector(outputs), value: reduce(0n) };
      this.#circuit(table, circuit, copies, claim);
    }
  }

  permutations(): void {
    const kernels = this.#kernels;
    this.#system.permutations.forEach((group, index) => {
      const { table, copies, permutation } = group;
      const { circuit, boxes } = permutation;
      const copyPoint = challenges(this.#channel, variablesOf(copies), `${circuit.name} copies`);
      const boxPoint = challenges(this.#channel, variablesOf(circuit.inputSlots), `${circuit.name} boxes`);
      const slotWeights = equalityVector(boxPoint);
      const ofBoxes = slotWeights.slice(0, boxes);
      const value = innerProduct(this.#rowAt(table, copyPoint), ofBoxes);
      this.#channel.send([value], `${circuit.name} boxes`);
      this.claims.push({ ...claimAt(table, copyPoint, ofBoxes), value });
      const boxInputs = kernels.zeros(copies * circuit.inputSlots);
      this.#witness.boxInputs[index]!.forEach((values, box) => {
        kernels.write(boxInputs, box, circuit.inputSlots, values);
      });
      const claim = { copyPoint, slotWeights, value };
      for (const input of proveLayeredCircuit(kernels, this.#channel, circuit, boxInputs, copies, claim)) {
        this.claims.push(boxClaimValue(group, input));
      }
    });
  }

  parameters(): void {
    const kernels = this.#kernels;
    const { words } = this.#system;
    const points = drawParameterPoints(this.#channel, this.#layers);
    const claim = points.reduce(
      (sum, { weightsFactor, biasesFactor }, layer) =>
        sum + weightsFactor * this.#layers[layer]!.weights + biasesFactor * this.#layers[layer]!.biases,
      digitOffset(this.#system, points) as bigint,
    );
    const weights = digitWeights(kernels, this.#system, points);
    const digits = kernels.expand(kernels.fromSmall(this.#witness.digits));
    const matrix = digitMatrix(words);
    const input = proveDenseRelation(kernels, this.#channel, matrix, weights, digits, reduce(claim), "parameters");
    this.claims.push({ table: words.table, ...input });
  }

  relations(): void {
    for (const { name, terms } of saleRelations(this.#channel, this.#system, this.#data)) {
      const values = terms.map((term) => this.#kernels.scope(() => this.#valueOf(term)));
      this.#channel.send(values, name);
      terms.forEach((term, i) => this.claims.push(termClaim(term, values[i]!)));
    }
  }

  #valueOf({ table, copyWeights, slotWeights }: RelationTerm): FieldElement {
    const kernels = this.#kernels;
    const byCopy = this.#tables[table]!.combineSlots(kernels.fromField(slotWeights));
    return kernels.innerProduct(kernels.view(byCopy, 0, copyWeights.length), kernels.fromField(copyWeights));
  }

  /** By slot, the table at a point of its copies. */
  #rowAt(table: number, point: readonly FieldElement[]): FieldElement[] {
    const kernels = this.#kernels;
    return kernels.scope(() => kernels.toField(this.#tables[table]!.combineCopies(kernels.equality(point))));
  }

  #circuit(
    table: number,
    circuit: Parameters<typeof proveLayeredCircuit>[2],
    copies: number,
    claim: Parameters<typeof proveLayeredCircuit>[5],
  ): void {
    this.#kernels.scope(() => {
      const input = this.#tables[table]!.input();
      for (const proven of proveLayeredCircuit(this.#kernels, this.#channel, circuit, input, copies, claim)) {
        this.claims.push({ table, ...proven });
      }
    });
  }

  /** By neuron of the layer below, H~(tau, neuron). */
  #inputsOf(layer: number): FieldVector {
    const kernels = this.#kernels;
    const { inputs } = this.#system.shape.layers[layer]!;
    const { inputMax } = this.#system.bounds[layer]!;
    const activations = this.#witness.activations[layer - 1]!;
    return kernels.combineRows(integerMatrix(kernels, activations, inputMax), inputs, kernels.equality(this.#tau));
  }

  /** H~(tau, .) at the layer's column point, by the parts of the neurons in different tables. */
  #splitInputs(layer: number): FieldElement[] {
    const ofNeurons = equalityVector(this.#layers[layer]!.columnPoint);
    const byNeuron = this.#kernels.scope(() => this.#kernels.toField(this.#inputsOf(layer)));
    const values = this.#system.activations.flatMap(({ ranges }) =>
      ranges
        .filter((range) => range.layer === layer - 1)
        .map(({ firstNeuron, neurons }) => {
          const end = firstNeuron + neurons;
          return innerProduct(ofNeurons.slice(firstNeuron, end), byNeuron.slice(firstNeuron, end));
        }),
    );
    this.#channel.send(values, `layer ${layer - 1} activations`);
    return values;
  }
}

/** The smallest vector that holds non-negative integers up to a bound. */
function integerMatrix(kernels: Kernels, values: Integers, max: bigint) {
  if (!(values instanceof Float64Array)) return kernels.fromField(values.map(reduce));
  if (max < 1n << 8n) return kernels.fromSmall(Uint8Array.from(values));
  if (max < 1n << 16n) return kernels.fromSmall(Uint16Array.from(values));
  if (max < 1n << 31n) return kernels.fromSmall(Int32Array.from(values));
  return kernels.fromField(Array.from(values, (value) => reduce(BigInt(value))));
}
