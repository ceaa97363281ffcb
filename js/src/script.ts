// What the script tag gives: one global, as the original's.
import { AMSCashierPayment } from "./facade";

if (typeof window !== "undefined") {
  (window as unknown as { AMSCashierPayment: unknown }).AMSCashierPayment = AMSCashierPayment;
}
