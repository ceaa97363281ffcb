// The checkout of a shop that loads the SDK with a script tag.

import type { AMSCashierPayment } from "kassa";

import { startCheckout } from "../shop/checkout";

declare global {
  interface Window {
    AMSCashierPayment?: typeof AMSCashierPayment;
  }
}

const Sdk = window.AMSCashierPayment;
if (Sdk === undefined) throw new Error("kassa.js did not load before this script");
startCheckout(Sdk);
