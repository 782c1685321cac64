import { formatPrice } from "@zkcmp/sale/price";
import type { ReactNode } from "react";
import { BarChart } from "../../components/bar-chart.tsx";
import { saveFile } from "../../components/download-button.tsx";
import { Notice } from "../../components/notice.tsx";
import { type Column, ResponsiveTable } from "../../components/responsive-table.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { StepButton } from "../../components/step-button.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";
import type { RoundView } from "../../worker/round-view.ts";

type Hex = `0x${string}`;
type Provider = RoundView["status"]["providers"][number];

/** Who takes part; once it is decided, what each one's rows were worth and what they earn. */
export function RoundOutcome({ view, id }: { view: RoundView; id: Hex }) {
  const desk = useDesk();
  const { status, chart, account, own, round } = view;
  const { providers } = status;
  const { token } = round.terms;
  const save = useStep(async () => {
    const { name, text } = await desk.rounds.chartFile(round.rewards, id);
    saveFile(name, text);
  });
  const columns: Column<Provider>[] = [
    {
      title: "Provider",
      heads: true,
      cell: ({ payee }) => (
        <>
          <ShortHex hex={payee} /> {payee === account && <strong>you</strong>}
        </>
      ),
    },
    { title: "Slot", align: "right", cell: ({ slot }) => slot + 1 },
    ...(chart === null
      ? []
      : [
          {
            title: "Earned",
            align: "right" as const,
            cell: ({ earned }: Provider) => formatPrice(earned ?? 0n, token),
          },
          { title: "Paid", align: "right" as const, cell: ({ paid }: Provider) => formatPrice(paid, token) },
        ]),
  ];
  return (
    <section className="card" aria-labelledby="outcome">
      <h2 id="outcome">{chart === null ? "Who takes part" : "What the rows were worth"}</h2>
      {explained(view)}
      {chart !== null && (
        <>
          <BarChart chart={chart} marked={own?.slot ?? null} />
          <StepButton step={save} kind="plain">
            Download the chart (SVG)
          </StepButton>
        </>
      )}
      {providers.length === 0 ? (
        <p>Nobody is registered{status.stored.state === "open" ? " yet" : ""}.</p>
      ) : (
        <ResponsiveTable
          caption="Providers of the round"
          columns={columns}
          rows={providers}
          rowKey={({ payee }) => payee}
        />
      )}
    </section>
  );
}

/** In words why the pool is split as it is. */
function explained({ status, chart }: RoundView): ReactNode {
  const { stored, submission, window, equal } = status;
  if (stored.state === "refunded") {
    return <p>Nobody was accepted before registration ended. The owner may take the pool back.</p>;
  }
  if (chart === null) {
    return window.startsWith("to be settled") ? (
      <Notice tone="warn" title="No proof came in time.">
        <p>Anybody can settle the round now, and the pool is then split equally among the providers.</p>
      </Notice>
    ) : null;
  }
  if (submission === null) {
    return (
      <Notice tone="info" title="Split equally: no proof came in time.">
        <p>The owner has the rows and did not prove their values, so every provider has the same share.</p>
      </Notice>
    );
  }
  if (equal === true) {
    return (
      <Notice tone="info" title="Split equally: the values are too small to tell the providers apart.">
        <p>Rounding alone could have moved them, so the contract gives every provider the same share.</p>
      </Notice>
    );
  }
  return (
    <p>
      A value is by how much a provider’s rows lowered the model’s error on the owner’s validation rows, averaged over
      every order in which providers can join. Positive values share the pool; negative ones earn nothing and cost
      nothing. A proof shows that they were computed from the registered rows.
    </p>
  );
}
