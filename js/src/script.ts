// The script tag's entry: one global, as the original's.

import { here } from "./here";
import { AMSCashierPayment } from "./index";

if (typeof window !== "undefined") {
  const script = document.currentScript as HTMLScriptElement | null;
  // Only in a script of its own: beside a merchant's bundle there are no files of the SDK.
  if (script) here.folder = script.src.replace(/[?#].*/, "").replace(/[^/]*$/, "");
  (window as unknown as { AMSCashierPayment: unknown }).AMSCashierPayment = AMSCashierPayment;
}
