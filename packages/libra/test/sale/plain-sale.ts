import type { FieldElement } from "@zkcmp/field/element";
import type { Kernels } from "@zkcmp/field/kernels/kernels";
import { columnsOf } from "../../src/argument.ts";
import { proveTableClaims } from "../../src/prover/table-claims.ts";
import { createProverTable } from "../../src/prover/table.ts";
import { proveSale } from "../../src/sale/prover.ts";
import { type SalePublicData, salePublicData } from "../../src/sale/public-data.ts";
import { type SaleSystem, saleSystemOf } from "../../src/sale/sale-system.ts";
import { verifySale } from "../../src/sale/verifier.ts";
import { type SaleTables, saleTables } from "../../src/sale/witness.ts";
import type { TableShape } from "../../src/table.ts";
import { verifyTableClaims } from "../../src/verifier/table-claims.ts";
import { PlainProver, PlainVerifier } from "../plain-channel.ts";
import type { SaleCase } from "./sale-case.ts";

/** A table that a test may change before it is proven. */
export interface LooseTable {
  shape: TableShape;
  bits: Uint8Array;
  wide: FieldElement[][];
}

export interface LooseTables extends Omit<SaleTables, "tables" | "boxInputs"> {
  readonly tables: LooseTable[];
  readonly boxInputs: FieldElement[][][];
}

export interface Forgery {
  readonly system: SaleSystem;
  readonly data: SalePublicData;
  readonly witness: LooseTables;
}

export interface PlainRun {
  /** Names of the verifier's constraints that do not hold, each once, without the rounds of sumchecks. */
  readonly violated: readonly string[];
  /** Whether both ends named the same messages, challenges and values of claims. */
  readonly inStep: boolean;
}

/** Prover and verifier of a sale with messages in the clear; the prover may first change its tables. */
export function runPlainSale(
  kernels: Kernels,
  { statement, witness }: SaleCase,
  forge: (forgery: Forgery) => void = () => undefined,
): PlainRun {
  return kernels.scope(() => {
    const data = salePublicData(statement);
    const system = saleSystemOf(statement);
    const { argument } = system;
    const honest = saleTables(kernels, system, data, witness);
    const loose: LooseTables = {
      ...honest,
      tables: honest.tables.map(({ bits, wide }, i) => ({
        shape: argument.tables[i]!,
        bits,
        wide: wide.map((column) => [...column]),
      })),
      boxInputs: honest.boxInputs.map((boxes) => boxes.map((values) => [...values])),
    };
    forge({ system, data, witness: loose });
    const tables = loose.tables.map(({ shape, bits, wide }) => createProverTable(kernels, shape, { bits, wide }));
    const prover = new PlainProver("sale");
    const claims = proveSale(kernels, system, data, loose, prover, tables);
    proveTableClaims(kernels, prover, tables, columnsOf(argument), claims);

    const verifier = new PlainVerifier("sale", prover.messages);
    const received = verifySale(kernels, system, data, verifier);
    verifyTableClaims(verifier, argument.tables, columnsOf(argument), received);
    const names = verifier.violated().map((name) => name.replace(/ ((left|right|copies) )?(round \d+|end)$/, ""));
    return {
      violated: [...new Set(names)],
      inStep:
        verifier.finished &&
        verifier.events.join() === prover.events.join() &&
        received.every(({ value }, i) => verifier.value(value) === claims[i]!.value),
    };
  });
}
