// What `import … from "kassa"` gives.
export { AMSCashierPayment } from "./facade";
