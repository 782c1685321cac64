import { foreseeProof, type LibraPreflight, proofSeconds, SaleTooLargeError } from "@zkcmp/libra/preflight";
import type { SaleVariant } from "@zkcmp/libra/sale/sale-system";
import { packError } from "../step-error.ts";

/** What a browser tells of itself. */
export interface BrowserHost {
  /** Of the processor. */
  readonly cores: number;
  /** Whether threads may share memory: the page's host isolates it. */
  readonly isolated: boolean;
  /** Bytes of memory; null where the browser does not tell. Browsers round, and stop at 8 GiB. */
  readonly memoryBytes: number | null;
}

/** What a Libra proof takes against what this browser has. */
export interface ProofForecastView {
  readonly fits: boolean;
  /** Why it does not fit, without a full stop; null if it does. */
  readonly problem: string | null;
  readonly memoryBytes: number;
  /** Rough. */
  readonly seconds: number;
  readonly proofBytes: number;
  readonly cores: number;
  /** As many as the proof will use. */
  readonly threads: number;
  readonly isolated: boolean;
  readonly memoryKnown: number | null;
}

/** As in createKernels of @zkcmp/field. */
const MOST_THREADS = 8;

/** Of the memory that the browser tells of: the system and other tabs need some, too. */
const USABLE_MEMORY = 0.5;

/** Longer proofs are better made with the command line, in seconds. */
const PATIENCE = 3600;

/**
 * Foresees a proof in a browser.
 * @throws ShapeError, StatementError if there is no such proof
 */
export function forecastProof(sale: SaleVariant, host: BrowserHost): ProofForecastView {
  const threads = host.isolated ? Math.min(host.cores, MOST_THREADS) : 1;
  const memoryBytes = host.memoryBytes === null ? Infinity : USABLE_MEMORY * host.memoryBytes;
  const view = (foreseen: LibraPreflight, problem: string | null): ProofForecastView => ({
    fits: problem === null,
    problem,
    memoryBytes: foreseen.memoryBytes,
    seconds: proofSeconds(foreseen, threads),
    proofBytes: foreseen.proofBytes,
    cores: host.cores,
    threads,
    isolated: host.isolated,
    memoryKnown: host.memoryBytes,
  });
  try {
    const foreseen = foreseeProof(sale, { cores: threads, memoryBytes });
    if (foreseen.proofSeconds <= PATIENCE) return view(foreseen, null);
    return view(foreseen, "it would take more than an hour");
  } catch (error) {
    if (!(error instanceof SaleTooLargeError)) throw error;
    const packed = packError(error);
    return view(error.preflight, packed.kind === "told" ? packed.problem : packed.message);
  }
}

/** What this worker's browser tells. */
export function thisBrowser(): BrowserHost {
  const { hardwareConcurrency, deviceMemory } = navigator as Navigator & { readonly deviceMemory?: number };
  return {
    cores: hardwareConcurrency ?? 1,
    isolated: globalThis.crossOriginIsolated === true,
    memoryBytes: deviceMemory === undefined ? null : deviceMemory * 2 ** 30,
  };
}
