import { PROVIDER_LIMITS } from "@zkcmp/chain/rounds/provider-limits";
import { formatPrice } from "@zkcmp/sale/price";
import { DataList } from "../../components/data-list.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { TimeAxis } from "../../components/time-axis.tsx";
import { When } from "../../components/when.tsx";
import type { RoundView } from "../../worker/round-view.ts";

/** What a round offers and demands, and who sees what. */
export function RoundTerms({ view: { round, status, encoding, openedAt } }: { view: RoundView }) {
  const { terms, shape, owner, rewards } = round;
  const { stored, now } = status;
  const { registrationUntil, submissionUntil, claimUntil } = terms;
  const begin = openedAt ?? Math.min(now, registrationUntil);
  return (
    <section className="card" aria-labelledby="terms">
      <h2 id="terms">Terms</h2>
      <TimeAxis
        now={now}
        windows={[
          { from: begin, until: registrationUntil + 1, label: "Registration" },
          { from: registrationUntil + 1, until: submissionUntil + 1, label: "Proof" },
          { from: submissionUntil + 1, until: claimUntil + 1, label: "Claims" },
        ]}
        events={[
          { at: registrationUntil, label: "Registration ends" },
          { at: submissionUntil, label: "A proof can come until" },
          { at: claimUntil, label: "Rewards can be claimed until" },
        ]}
      />
      <DataList
        facts={[
          ["Owner", <ShortHex hex={owner} />],
          ["Rewards contract", <ShortHex hex={rewards} />],
          ["Opened", openedAt === null ? null : <When at={openedAt} now={now} />],
          ["Pool so far", formatPrice(stored.pool, terms.token)],
          ["Providers", `${stored.providers} of ${shape.providers}, with up to ${shape.rows} rows each`],
          [
            "Columns",
            encoding === null
              ? `${shape.features} to learn from; their names stand in the round file`
              : `${encoding.features.map(({ name }) => name).join(", ")}, to predict ${encoding.target.name}`,
          ],
          [
            "Classes",
            encoding === null || encoding.target.kind !== "classes" ? null : encoding.target.classes.join(", "),
          ],
          ["Valued on", `${shape.validationRows} validation rows of the owner, fixed before anybody registers`],
        ]}
      />
      <h3>Who sees what, and what the round does not do for you</h3>
      <ul className="round-limits">
        <li>
          The chain sees your address, a commitment to your rows, and in the end what they were worth. It sees no row.
        </li>
        {PROVIDER_LIMITS.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
