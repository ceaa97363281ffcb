// Reports to the merchant's page that the script of the card form cannot run, for example because a
// function of the browser is missing. It needs no module, and few functions: it runs before everything
// else of the script.

/**
 * Posts `FromForm::Broken` (`crates/protocol/src/frame.rs`) to the origin that the page names in the
 * fragment, as the form's own hello. Nothing once the form is shown: it is complete by then, and a
 * message may not contain what the buyer types.
 */
export function reportBroken(error: unknown): void {
  const form = document.getElementById("card");
  if (parent === window || (form && !form.hidden)) return;
  // Not by `decodeURIComponent`, which may be what is missing. An origin has nothing else to decode.
  const origin = location.hash.slice(1).replace(/%3A/g, ":").replace(/%2F/g, "/");
  // Neither `*` nor `/`.
  if (/^https?:/.test(origin)) parent.postMessage({ t: "kassa:broken", reason: String(error).slice(0, 200) }, origin);
}

addEventListener("error", (event) => reportBroken(event.error || event.message));
