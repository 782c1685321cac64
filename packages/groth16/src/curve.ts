import { startCurve } from "#curve";
import type { Curve } from "ffjavascript";

const shared = globalThis as { curve_bn128?: Curve | null };
let starting: Promise<Curve> | null = null;

/**
 * The one BN254 instance of this process, in Node with one worker thread per core (node-curve.ts), in a browser with none
 * (browser-curve.ts). snarkjs finds the same instance through `globalThis.curve_bn128`, but starts a second one, whose
 * workers nobody ends, if two calls race for the first use: so everything in this package asks here before it calls snarkjs.
 */
export async function sharedCurve(): Promise<Curve> {
  if (shared.curve_bn128) return shared.curve_bn128;
  starting ??= startCurve()
    .then((curve) => (shared.curve_bn128 = curve))
    .finally(() => (starting = null));
  return starting;
}

/** Ends the workers, without which the process does not exit. The next use starts them again. */
export async function endCurve(): Promise<void> {
  await starting;
  await shared.curve_bn128?.terminate();
  shared.curve_bn128 = null;
}
