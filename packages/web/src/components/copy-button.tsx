import { useEffect, useState } from "react";

/** Copies a text. @param what completes "Copy ..." for those who only hear the page */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setState("copied"),
      () => setState("failed"),
    );
  };
  return (
    <button type="button" className="copy-button" aria-label={`Copy ${what}`} onClick={copy}>
      <span aria-live="polite">{{ idle: "Copy", copied: "Copied", failed: "Select it" }[state]}</span>
    </button>
  );
}
