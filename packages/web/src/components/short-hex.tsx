import { CopyButton } from "./copy-button.tsx";

/** An address or a hash: its ends are shown, the whole one stands in the title and can be copied. */
export function ShortHex({ hex, what = "address" }: { hex: string; what?: string }) {
  return (
    <span className="short-hex">
      <span className="mono" title={hex}>
        {shortened(hex)}
      </span>
      <CopyButton text={hex} what={what} />
    </span>
  );
}

/** 0x1234…abcd */
export function shortened(hex: string): string {
  return hex.length <= 14 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}
