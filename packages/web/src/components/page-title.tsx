import { type ReactNode, useEffect, useRef } from "react";

/** The page that was gone to last, as its hash names it. */
let shown = location.hash;

/**
 * The heading of a page. After a navigation the focus is here, once, so that a screen reader begins with it. A heading that is drawn
 * anew while a page loads leaves the focus where it is, such as in an open menu.
 */
export function PageTitle({ children, lead }: { children: ReactNode; lead?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (location.hash === shown) return;
    shown = location.hash;
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="page-title">
      <h1 ref={heading} tabIndex={-1}>
        {children}
      </h1>
      {lead !== undefined && <p className="lead">{lead}</p>}
    </div>
  );
}
