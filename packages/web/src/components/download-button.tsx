import type { ReactNode } from "react";

/** Gives the user a file. */
export function DownloadButton({
  name,
  text,
  bytes,
  children,
  kind = "plain",
}: {
  name: string;
  text?: string;
  bytes?: Uint8Array<ArrayBuffer>;
  children?: ReactNode;
  kind?: "main" | "plain";
}) {
  return (
    <button type="button" className={`button button-${kind}`} onClick={() => saveFile(name, text ?? bytes ?? "")}>
      {children ?? `Download ${name}`}
    </button>
  );
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const url = URL.createObjectURL(new Blob([content]));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it when the click's task is over.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
