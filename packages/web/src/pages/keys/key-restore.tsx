import { useState } from "react";
import { DropZone } from "../../components/drop-zone.tsx";
import { ErrorNotice } from "../../components/error-notice.tsx";
import { Notice } from "../../components/notice.tsx";
import { ShortHex } from "../../components/short-hex.tsx";
import { TextField } from "../../components/text-field.tsx";
import { useDesk } from "../../desk-client.ts";
import { useStep } from "../../use-step.ts";

/** Puts a key back from its file. */
export function KeyRestore() {
  const desk = useDesk();
  const [name, setName] = useState("");
  const step = useStep(async (_progress, file: File) => {
    const chosen = name.trim() === "" ? file.name.replace(/(\.x25519)?\.json$/, "") : name.trim();
    return desk.keys.restore(chosen, { name: file.name, text: await file.text() });
  });
  return (
    <div className="card">
      <h3>Put a key back</h3>
      <TextField
        label="Name for the restored key"
        hint="Left empty, it gets the file's name. A key that is here already keeps its name; no other key is ever overwritten."
        value={name}
        onChange={setName}
      />
      <DropZone
        label="Choose or drop a key file"
        accept=".json"
        hint="A backup from this page, or the file that zkcmp keys create wrote."
        onFiles={([file]) => void step.run(file!)}
      />
      <ErrorNotice error={step.error} />
      {step.result !== null && (
        <Notice tone="good" title={`The key ${step.result.name} is in this browser`}>
          <p>
            Public key <ShortHex hex={step.result.publicKey} what="the public key" />
          </p>
        </Notice>
      )}
    </div>
  );
}
