// The checkout of a shop that has the SDK in its bundle.

import { AMSCashierPayment } from "kassa";

import { startCheckout } from "./checkout";

startCheckout(AMSCashierPayment);
