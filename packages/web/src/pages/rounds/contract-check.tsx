import { useEffect } from "react";
import { CommandLine } from "../../components/command-line.tsx";
import { DataList } from "../../components/data-list.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { TrustedKeysDrop } from "../../components/trusted-keys-drop.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

type Hex = `0x${string}`;

/** What the round's contract was held against; where no key is trusted yet, how to get one. */
export function ContractCheck({ rewards, roundId }: { rewards: Hex; roundId: Hex }) {
  const desk = useDesk();
  const check = useStep(() => desk.rounds.check(rewards, roundId));
  useEffect(() => void check.run(), [rewards, roundId]);
  const { result, error } = check;
  return (
    <section className="card" aria-labelledby="contract">
      <h2 id="contract">The contract</h2>
      <div className="stack" aria-live="polite">
        {check.state === "running" && <Progress progress={{ what: "Checking the contract" }} />}
        {result?.isTrusted === true && (
          <>
            <Notice
              tone={result.isDevelopment ? "warn" : "good"}
              title={
                result.isDevelopment
                  ? "The contract is right, its key is for development only."
                  : "The contract is right, and its verifier is of a key that you have verified."
              }
            >
              <p>
                {result.isDevelopment
                  ? "Its code is ShapleyRewards, and its verifier has the development key: anyone can forge proofs under it. Use it on development chains only, with rows and money that do not matter."
                  : "Its code is ShapleyRewards as this page knows it, and nobody can change it. Values can only come from a proof that its verifier accepts."}
              </p>
            </Notice>
            <DataList
              facts={[
                ["Circuit", result.circuit],
                ["Proving key", <ShortHex hex={`0x${result.zkeySha256}`} what="the key’s SHA-256" />],
              ]}
            />
          </>
        )}
        <ErrorNotice error={error} />
        {result?.isTrusted === false && (
          <Notice tone="warn" title="Do not take part yet: the contract’s verifier is none that you have verified.">
            <p>
              What is wrong: {result.problem}. Values come from a proof, and whoever knows the secret of a verifier’s
              key can prove any values: a verifier that nobody has checked can pay anybody anything. So take part in the
              ceremony of the round’s circuit, verify its key on your computer, and give the file that this writes here.
            </p>
            <CommandLine command="zkcmp setup key verify --help" />
          </Notice>
        )}
      </div>
      {result?.isTrusted === false && <TrustedKeysDrop onTaken={() => void check.run()} />}
    </section>
  );
}
