import { PageTitle } from "../../components/page-title.tsx";

type Hex = `0x${string}`;

export function SalePage({ orderHash }: { orderHash: Hex }) {
  return <PageTitle>Sale {orderHash.slice(0, 10)}…</PageTitle>;
}
