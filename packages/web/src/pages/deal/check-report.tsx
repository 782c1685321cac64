import { Notice } from "../../components/notice.tsx";
import type { CheckView } from "../../worker/deals-desk.ts";
import { StatementList } from "./statement-list.tsx";

/** What was checked of a bundle, what was not, and what the deal then states. */
export function CheckReport({ check }: { check: CheckView }) {
  const { isComplete, checked, unchecked, statement, proofSystem, rewardsKnown } = check;
  return (
    <div className="check-report">
      {isComplete ? (
        <Notice tone="good" title="Everything was checked, and everything holds.">
          <p>The proof was verified in this browser, with {proofSystem}.</p>
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
