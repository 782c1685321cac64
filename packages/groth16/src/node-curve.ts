import { buildBn128, type Curve } from "ffjavascript";

/** One worker thread per core. */
export function startCurve(): Promise<Curve> {
  return buildBn128();
}
