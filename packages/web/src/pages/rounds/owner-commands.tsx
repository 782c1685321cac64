import { CommandLine } from "../../components/command-line.tsx";
import type { RoundView } from "../../worker/round-view.ts";

/** The owner's part, which is done with the command line. */
export function OwnerCommands({ view: { account, round } }: { view: RoundView }) {
  return (
    <details className="round-details" open={account === round.owner}>
      <summary>For the owner of this round</summary>
      <div className="stack">
        <p>
          The owner checks disclosures, trains and proves with the command line, where the validation rows and the
          providers’ disclosures are kept.
        </p>
        <CommandLine
          command={[
            "zkcmp round accept disclosure.json --out receipt.json",
            "zkcmp round fund round.json --amount 2",
            "zkcmp round prove round.json --out proof.json --network-out model.json --model-salt-out model-salt.json",
            "zkcmp round submit round.json proof.json",
            "zkcmp round sweep round.json",
          ].join("\n")}
        />
      </div>
    </details>
  );
}
