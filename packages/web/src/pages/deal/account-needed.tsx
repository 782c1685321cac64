import { Notice } from "../../components/notice.tsx";
import { ShortHex } from "../../components/short-hex.tsx";

type Hex = `0x${string}`;

/** Says which account a step needs, where another or none is connected. Shows nothing if it is the right one. */
export function AccountNeeded({ account, needed }: { account: Hex | null; needed: Hex }) {
  if (account === needed) return null;
  return (
    <Notice tone="warn" title={account === null ? "No account is connected." : "Another account is connected."}>
      <p>
        This step needs the buyer’s account <ShortHex hex={needed} />: connect it at the top of the page.
      </p>
    </Notice>
  );
}
