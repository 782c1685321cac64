import { PageTitle } from "../../components/page-title.tsx";
import { JournalBackup } from "./journal-backup.tsx";
import { KeyList } from "./key-list.tsx";
import { KeyRestore } from "./key-restore.tsx";
import { NewKey } from "./new-key.tsx";
import { StorageState } from "./storage-state.tsx";
import "./keys.css";

/** The buyer's X25519 keys, the journal of this browser, and how well the browser keeps both. */
export function KeysPage() {
  return (
    <>
      <PageTitle lead="What you buy is sealed for one X25519 key and opens with this key alone. Your keys and your deals lie in this browser and are never sent to anybody: not to the node, not to your wallet, not to the host of this page.">
        Keys
      </PageTitle>
      <section className="stack" aria-labelledby="your-keys">
        <h2 id="your-keys">Your X25519 keys</h2>
        <KeyList />
        <div className="card-grid">
          <NewKey />
          <KeyRestore />
        </div>
      </section>
      <section className="stack" aria-labelledby="journal">
        <h2 id="journal">The journal</h2>
        <JournalBackup />
      </section>
      <section className="stack" aria-labelledby="storage">
        <h2 id="storage">Storage of this browser</h2>
        <StorageState />
      </section>
    </>
  );
}
