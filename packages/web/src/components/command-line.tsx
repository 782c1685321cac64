import { CopyButton } from "./copy-button.tsx";

/** A command of the command line, to be copied. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="command-line">
      <pre tabIndex={0}>
        <code>{command}</code>
      </pre>
      <CopyButton text={command} what="the command" />
    </div>
  );
}
