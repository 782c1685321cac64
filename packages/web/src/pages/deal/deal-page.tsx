import { PageTitle } from "../../components/page-title.tsx";

type Hex = `0x${string}`;

export function DealPage({ dealId }: { dealId: Hex }) {
  return <PageTitle>Deal {dealId.slice(0, 10)}…</PageTitle>;
}
