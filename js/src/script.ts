// The script tag's entry: one global, as the original's.

import { AMSCashierPayment } from "./index";

if (typeof window !== "undefined") {
  (window as unknown as { AMSCashierPayment: unknown }).AMSCashierPayment = AMSCashierPayment;
}
