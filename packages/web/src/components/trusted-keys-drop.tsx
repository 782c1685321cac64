import { useDesk } from "../desk-client.ts";
import { useStep } from "../use-step.ts";
import { DropZone } from "./drop-zone.tsx";
import { ErrorNotice } from "./error-notice.tsx";

/** Takes the keys that the user has verified on a computer. @param onTaken is told when they are here */
export function TrustedKeysDrop({ onTaken }: { onTaken: () => void }) {
  const desk = useDesk();
  const take = useStep(async (_, file: File) => {
    await desk.keys.trust({ name: file.name, text: await file.text() });
    onTaken();
  });
  return (
    <>
      <DropZone
        label="Add your trusted keys"
        accept=".json,application/json"
        hint="The file trusted-keys.json in the home folder of zkcmp, as zkcmp setup key verify wrote it on your own computer. Never take one from somebody else."
        onFiles={([file]) => void take.run(file!)}
      />
      <ErrorNotice error={take.error} />
    </>
  );
}
