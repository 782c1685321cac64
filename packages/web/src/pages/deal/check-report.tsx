import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import type { CheckedKey, CheckView } from "../../worker/deals-desk.ts";
import { StatementList } from "./statement-list.tsx";

/** What was checked of a bundle, what was not, and what the deal then states. */
export function CheckReport({ check }: { check: CheckView }) {
  const { isComplete, checked, unchecked, statement, proofSystem, key, rewardsKnown } = check;
  return (
    <div className="check-report">
      {isComplete ? (
        <Notice tone="good" title="Everything was checked, and everything holds.">
          <p>
            The proof was verified in this browser, with {proofSystem}
            {key === null ? "." : ", under the key named below."}
          </p>
        </Notice>
      ) : (
        <Notice tone="bad" title="Do not fund: not everything was checked.">
          <ul>
            {unchecked.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Notice>
      )}
      {rewardsKnown === false && (
        <Notice tone="warn" title="The rewards contract is none that this page knows.">
          <p>Its share may reach no data provider. Your price and your key do not depend on it.</p>
        </Notice>
      )}
      {key !== null && <KeyWords proofKey={key} />}
      <h4>What the deal states</h4>
      <StatementList lines={statement} />
      <h4>Checks that were made</h4>
      <ul className="check-list">
        {checked.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </div>
  );
}

/** What a proof is worth that rests on a setup. */
function KeyWords({ proofKey: { circuit, keyFile, isDevelopment } }: { proofKey: CheckedKey }) {
  return (
    <>
      {isDevelopment ? (
        <Notice tone="warn" title="The proof’s key is for development only: it proves nothing.">
          <p>
            Anyone can forge proofs under it. Use it on development chains only, with rows and money that do not matter.
          </p>
        </Notice>
      ) : (
        <Notice tone="info" title="The proof is worth as much as its key.">
          <p>
            You have verified this key, and your own contribution is in it. Nobody can forge under it as long as you, or
            anybody else who contributed, has kept nothing of the contribution’s secret. It proves nothing to people who
            did not contribute.
          </p>
        </Notice>
      )}
      <DataList
        facts={[
          ["Circuit", <span className="mono hash">{circuit}</span>],
          ["Proving key", <ShortHex hex={keyFile} what="the key’s SHA-256" />],
        ]}
      />
    </>
  );
}
