// What happens to the page as a whole while a component is open.

/** What the module is told. */
export type PageEvent = "hidden" | "online" | "restored" | "shown";

/** Returns what ends it. */
export function watchPage(told: (event: PageEvent) => void): () => void {
  const visibility = () => told(document.visibilityState === "hidden" ? "hidden" : "shown");
  const shown = (event: PageTransitionEvent) => told(event.persisted ? "restored" : "shown");
  const online = () => told("online");
  document.addEventListener("visibilitychange", visibility);
  addEventListener("pageshow", shown);
  addEventListener("online", online);
  return () => {
    document.removeEventListener("visibilitychange", visibility);
    removeEventListener("pageshow", shown);
    removeEventListener("online", online);
  };
}

/** Sends the page elsewhere; false when the browser refuses. */
export function navigate(address: string): boolean {
  try {
    location.assign(address);
    return true;
  } catch {
    return false;
  }
}

/** How long the warming page may take, in milliseconds. */
const WARMING = 10_000;

/** Has the browser fetch what the card form will need, in a frame that nobody sees. */
export function warmFrame(gateway: string): void {
  if (!document.body) return;
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.setAttribute("aria-hidden", "true");
  frame.referrerPolicy = "origin";
  // Scripts, though it has none: Firefox does not preload one where it may not run.
  frame.setAttribute("sandbox", "allow-scripts allow-same-origin");
  frame.src = gateway + "/frame/warm";
  const done = () => frame.remove();
  frame.onload = () => setTimeout(done, 2_000);
  setTimeout(done, WARMING);
  document.body.appendChild(frame);
}

/** The browser's own facts that payment methods and 3DS ask for. */
export function browserFacts(): object {
  const { userAgent, language, maxTouchPoints } = navigator;
  const { colorDepth, width, height } = screen;
  return {
    userAgent,
    language,
    maxTouchPoints,
    colorDepth,
    width,
    height,
    timeZoneOffset: new Date().getTimezoneOffset(),
    // Never the query: shops keep secrets there.
    page: location.origin + location.pathname,
  };
}
