import type { Waiting } from "@zkcmp/chain/network-connection";
import type { OnProgress } from "../progress.ts";

let asksAgain = false;

/**
 * Lets the steps that begin from now on ask a wallet once more for what has no known end, or no more. Only after the user has looked
 * into the wallet: what it sends in the end, it sends twice.
 */
export function allowAskingAgain(isAllowed: boolean): void {
  asksAgain = isAllowed;
}

/** Lets the page see what the chain is waited for. */
export function waitingWith(onProgress: OnProgress): Waiting {
  return { askAgain: asksAgain, onWait: (what) => onProgress({ what: `Waiting for ${what}` }) };
}
