import { Notice } from "./components/notice.tsx";
import { capital, inPageWords } from "./page-words.ts";
import { useSession } from "./session-view.ts";
import type { LinkedPart } from "./worker/deployment.ts";
import type { MarketCheck } from "./use-market-check.ts";
import { useWallet } from "./wallet/use-wallet.ts";

/** What stands in the way of the whole page: a market that cannot be used, a wallet on another network. */
export function FrameNotices({ check }: { check: MarketCheck }) {
  const { deployment, linked } = useSession();
  const { connected, busy, error, store } = useWallet();
  const isElsewhere = connected?.kind === "wallet" && connected.chainId !== deployment.chainId;
  if (check.error === null && !isElsewhere && linked.length === 0) return null;
  return (
    <section className="frame-notices" aria-label="Notices">
      {linked.length > 0 && (
        <Notice tone="warn" title={`The link that you opened has named ${linkedWords(linked, deployment)}.`}>
          <p>
            {linked.includes("node")
              ? "A node can lie about all that this page shows and checks: offers, payments, the contracts’ code. Go on if you trust whoever made the link, or put a node that you trust into its place (?rpc=…)."
              : "This page’s host has not named it. Go on if you trust whoever made the link."}
          </p>
        </Notice>
      )}
      {check.error !== null && (
        <Notice tone="bad" title={`${capital(inPageWords(check.error.problem))}.`}>
          <p>{inPageWords(check.error.fix)}</p>
          <button type="button" className="button button-plain" onClick={check.again}>
            Try again
          </button>
        </Notice>
      )}
      {isElsewhere && (
        <Notice
          tone="warn"
          title={`Your wallet is on ${connected.chainId === 0 ? "another network" : `chain ${connected.chainId}`}, this market on chain ${deployment.chainId} (${deployment.name}).`}
        >
          {error !== null && <p role="alert">{`${capital(error.problem)}. ${error.fix}`}</p>}
          <button
            type="button"
            className="button button-main"
            aria-busy={busy}
            onClick={() => {
              if (!busy)
                void store.switchChain({ ...deployment, rpcUrl: linked.includes("node") ? null : deployment.rpcUrl });
            }}
          >
            Switch the wallet to {deployment.name}
          </button>
        </Notice>
      )}
    </section>
  );
}

function linkedWords(linked: readonly LinkedPart[], { rpcUrl }: { rpcUrl: string }): string {
  const words = { node: `the node ${new URL(rpcUrl).host}`, escrow: "the escrow", rewards: "the rewards contract" };
  return linked.map((part) => words[part]).join(" and ");
}
