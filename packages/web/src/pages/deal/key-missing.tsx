import { CommandLine } from "../../components/command-line.tsx";
import { DataList } from "../../components/data-list.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { TrustedKeysDrop } from "../../components/trusted-keys-drop.tsx";
import type { MissingKey } from "../../worker/deals-desk.ts";

/**
 * A bundle's proof is of a key that nobody has verified in this browser: why that matters, and how to change it.
 * @param onTaken is called when the user's trusted keys were read, and the bundle can be checked again
 */
export function KeyMissing({ missing, onTaken }: { missing: MissingKey; onTaken: () => void }) {
  const { circuit, keyFile, isDevelopment } = missing;
  return (
    <>
      <Notice
        tone="bad"
        title="Do not fund yet: this bundle is proven with groth16, under a key that you have not verified."
      >
        <p>
          Nothing was checked. Such a proof is worth as much as the key that it was made with: whoever knows the secret
          of a key can prove anything with it, and a key that nobody has checked may be one of the seller, who then
          forges. So take part in the making of the key, verify it on your computer, which takes its large files and
          some minutes, and give the file that this writes here. The bundle is then checked in this browser.
        </p>
        {isDevelopment && (
          <p>
            This is a development chain, where the key may be one for development. Anyone can forge under those: use
            them with rows and money that do not matter.
          </p>
        )}
      </Notice>
      <DataList
        facts={[
          ["Circuit", <span className="mono hash">{circuit}</span>],
          ["Proving key", <ShortHex hex={keyFile} what="the key’s SHA-256" />],
        ]}
      />
      <CommandLine
        command={
          isDevelopment
            ? "zkcmp setup development --network network.json --rows ROWS"
            : "zkcmp setup key verify key.zkey --phase-one pot.ptau"
        }
      />
      <TrustedKeysDrop onTaken={onTaken} />
    </>
  );
}
