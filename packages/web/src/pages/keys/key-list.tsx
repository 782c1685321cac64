import { useState } from "react";
import { EmptyState } from "../../components/empty-state.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { ResponsiveTable } from "../../components/responsive-table.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { useDesk } from "../../desk-client.ts";
import { useLook } from "../../use-look.ts";
import { KeyBackup } from "./key-backup.tsx";

/** All keys, the orders that need them, and a backup of each. */
export function KeyList() {
  const desk = useDesk();
  const [saved, setSaved] = useState<string | null>(null);
  const { value: keys, error, loading } = useLook(() => desk.keys.list(), []);
  if (keys === null) return loading ? <p role="status">Looking for your keys…</p> : <ErrorNotice error={error} />;
  if (keys.length === 0) {
    return (
      <EmptyState title="There is no key in this browser yet">
        <p>Make one before your first order, and back it up at once.</p>
      </EmptyState>
    );
  }
  return (
    <>
      <ErrorNotice error={error} />
      <Notice tone="warn" title="A lost key loses what was bought with it">
        <p>
          Nobody can make a key again, and no model that was sealed for it opens without it. Back each key up to a place
          outside of this browser.
        </p>
      </Notice>
      <ResponsiveTable
        caption="Your X25519 keys"
        rows={keys}
        rowKey={({ name }) => name}
        columns={[
          { title: "Name", cell: ({ name }) => name },
          {
            title: "Public key",
            cell: ({ publicKey, name }) => <ShortHex hex={publicKey} what={`the public key ${name}`} />,
          },
          {
            title: "Needed by",
            cell: ({ orders }) =>
              orders.length === 0 ? (
                "no order yet"
              ) : (
                <ul className="plain-list">
                  {orders.map((hash) => (
                    <li key={hash}>
                      <a href={`#/orders/${hash}`} className="mono">
                        {hash.slice(0, 10)}…
                      </a>
                    </li>
                  ))}
                </ul>
              ),
          },
          { title: "Backup", cell: ({ name }) => <KeyBackup name={name} onSaved={setSaved} /> },
        ]}
      />
      {saved !== null && (
        <Notice tone="warn" title={`${saved} holds a secret, without a password`}>
          <p>
            Whoever has the file can read what you bought with the key. Keep it on a medium that is yours alone, and
            give it to nobody, whoever asks: no seller, no support, no page needs it.
          </p>
        </Notice>
      )}
    </>
  );
}
