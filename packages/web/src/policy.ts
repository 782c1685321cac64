// The page's first script: it finds out which node this page is for, forbids all others, and only then loads the page.
import { contentPolicy } from "./content-policy.ts";
import { addressParameters, chosenNode, type NodeEntry } from "./node-choice.ts";
import { applyTheme } from "./theme.ts";

/** Entries of deployments.json that name a node; what is wrong with the others is said by the page itself. */
async function nodeEntries(): Promise<NodeEntry[]> {
  try {
    const response = await fetch("./deployments.json", { cache: "no-cache" });
    const { deployments } = (await response.json()) as { deployments: NodeEntry[] };
    return deployments.filter(({ chainId, rpcUrl }) => typeof chainId === "number" && typeof rpcUrl === "string");
  } catch {
    return [];
  }
}

/** In the place of the page. */
function say(...words: (string | Node)[]): void {
  const notice = document.createElement("p");
  notice.role = "alert";
  notice.append(...words);
  document.getElementById("page")!.replaceChildren(notice);
}

async function loadPage(): Promise<void> {
  const node = chosenNode(addressParameters(location.href), await nodeEntries());
  // Policies add up: what this one forbids stays forbidden, whatever is added to the page later.
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = contentPolicy(node === null ? [] : [node.origin]);
  document.head.append(policy);
  try {
    await import("./main.tsx");
  } catch (error) {
    say(
      "The page could not be loaded whole: a file of it is missing, perhaps because a newer version was just put there. Load it again.",
    );
    throw error;
  }
}

function refuseFrame(): void {
  const link = document.createElement("a");
  link.href = location.href;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Open it in a window of its own";
  say("Another page shows the market in a frame, where it could lead your clicks. ", link, ".");
}

applyTheme();
// A header forbids frames, which not every host sends; a policy in the page cannot.
if (window.top === window) await loadPage();
else refuseFrame();
