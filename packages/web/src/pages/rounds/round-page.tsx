import { PageTitle } from "../../components/page-title.tsx";

type Hex = `0x${string}`;

export function RoundPage({ roundId }: { rewards: Hex; roundId: Hex }) {
  return <PageTitle>Round {roundId.slice(0, 10)}…</PageTitle>;
}
