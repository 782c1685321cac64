import { type DragEvent, useId, useRef, useState } from "react";

/** Takes files: dropped, or chosen with mouse or keyboard. */
export function DropZone({
  label,
  accept,
  onFiles,
  hint,
  multiple = false,
}: {
  label: string;
  /** As the attribute of a file input: ".json,.csv". */
  accept?: string;
  onFiles: (files: File[]) => void;
  hint?: string;
  multiple?: boolean;
}) {
  const id = useId();
  const [over, setOver] = useState(false);
  const give = (list: FileList | null): void => {
    const files = [...(list ?? [])];
    if (files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    // So that the browser names the files here as well.
    if (multiple || event.dataTransfer.files.length === 1) input.current!.files = event.dataTransfer.files;
    give(event.dataTransfer.files);
  };
  return (
    <div
      className={over ? "drop-zone drop-zone-over" : "drop-zone"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <label className="drop-zone-label" htmlFor={id}>
        {label}
      </label>
      <input
        id={id}
        className="drop-zone-input"
        type="file"
        accept={accept}
        multiple={multiple}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        ref={input}
        onClick={({ currentTarget }) => {
          // The same file chosen again is a new choice.
          currentTarget.value = "";
        }}
        onChange={({ target }) => give(target.files)}
      />
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
