/** Where the page may ask before its first script knows the one node: https, and plain http on this machine. */
export const ANY_NODE: readonly string[] = ["https:", "http://localhost:*", "http://127.0.0.1:*"];

/**
 * The page's content security policy: its own files, compiled WASM, pictures that are data, and the named nodes.
 * @param nodes sources that requests may go to besides the page's own origin
 */
export function contentPolicy(nodes: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // A worker from a blob takes over the page's policy, one from a file does not.
    "worker-src 'self' blob:",
    ["connect-src 'self'", ...nodes].join(" "),
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}
