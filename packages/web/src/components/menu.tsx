import { type ReactNode, useEffect, useId, useRef, useState } from "react";

/** A button that opens a panel below it. Escape, a click elsewhere and the focus leaving it close it. */
export function Menu({
  label,
  name,
  main = false,
  children,
}: {
  label: ReactNode;
  /** What the button is for, where the label does not say so. */
  name?: string;
  main?: boolean;
  /** @param close closes the panel and gives the focus back to the button */
  children: (close: () => void) => ReactNode;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const onPointer = ({ target }: PointerEvent): void => {
      if (!menu.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [open]);
  return (
    <div
      className="menu"
      ref={menu}
      onKeyDown={({ key }) => {
        if (key === "Escape" && open) close();
      }}
      onBlur={({ relatedTarget }) => {
        if (relatedTarget !== null && !menu.current?.contains(relatedTarget)) setOpen(false);
      }}
    >
      <button
        type="button"
        ref={button}
        className={main ? "menu-button menu-button-main" : "menu-button"}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={name}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <div className="menu-panel" id={id}>
          {children(close)}
        </div>
      )}
    </div>
  );
}
