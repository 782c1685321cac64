import type { Waiting } from "@zkcmp/chain/network-connection";
import type { OnProgress } from "../progress.ts";

/** Lets the page see what the chain is waited for. */
export function waitingWith(onProgress: OnProgress): Waiting {
  return { onWait: (what) => onProgress({ what: `Waiting for ${what}` }) };
}
