import { homedir } from "node:os";
import { join } from "node:path";
import { ZkcmpError } from "@zkcmp/field/error";
import type { Hex } from "@zkcmp/sale/hex";
import type { PurchaseRecord } from "./purchase-record.ts";
import type { SaleRecord } from "./sale-record.ts";

/** The journal lacks something, is damaged, is open to other users, or a record is in use by another process. */
export class JournalError extends ZkcmpError {}

/** The folder that the journal uses if none is named: ZKCMP_HOME, else `.zkcmp` in the home folder. */
export function defaultHome(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.ZKCMP_HOME ?? join(homedir(), ".zkcmp");
}

/**
 * The memory of both parties: a folder (mode 0700) of JSON files (mode 0600), each written whole by a rename, and
 * written before what it says leaves this machine.
 */
export class Journal {
  readonly home: string;

  constructor(home: string = defaultHome()) {
    this.home = home;
  }

  /** @throws {JournalError} if there is none, or it is damaged */
  async sale(orderHash: Hex): Promise<SaleRecord> {
    throw new JournalError(orderHash, "to come");
  }

  /** @throws {JournalError} if there is none, or it is damaged */
  async purchase(orderHash: Hex): Promise<PurchaseRecord> {
    throw new JournalError(orderHash, "to come");
  }

  /** Order hashes of all sales. */
  async sales(): Promise<Hex[]> {
    throw new JournalError("", "to come");
  }

  /** Order hashes of all purchases. */
  async purchases(): Promise<Hex[]> {
    throw new JournalError("", "to come");
  }
}
