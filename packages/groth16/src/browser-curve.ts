import { buildBn128, type Curve } from "ffjavascript";

/** Without threads: ffjavascript would make them of a text, which a page that says where its code comes from refuses. */
export function startCurve(): Promise<Curve> {
  return buildBn128(true);
}
