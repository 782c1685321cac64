import { PageTitle } from "../../components/page-title.tsx";

export function RoundsPage() {
  return <PageTitle>Rounds</PageTitle>;
}
