// The original's enumerations of names, for code that was written for them.

import type * as api from "./kassa";

/** The events of the component, and those that only the original emits. */
const CODES =
  "CALL_URL_ERROR CALL_URL_SUCCESS CREATECOMPONENT_ERROR CREATEPAYMENT_PARAMETER_ERROR " +
  "DUPLICATE_SUBMISSION_BEHAVIOR END_OF_LOADING FORM_VERIFICATION_FAILED INIT_PARAMETER_ERROR INTERNAL_ERROR " +
  "LAUNCH_PAYMENT_APP_ERROR PAYMENT_APPROVE PAYMENT_AUTHORIZATION_SUCCESSFUL PAYMENT_CANCEL PAYMENT_CHALLENGE " +
  "PAYMENT_ERROR PAYMENT_FAIL PAYMENT_PENDING PAYMENT_PROCESSING PAYMENT_SHIPPINGCHANGE PAYMENT_SUCCESSFUL " +
  "PAYMENT_WARN REDIRECT START_OF_LOADING SUBMIT_NETWORK_ERROR";

export const eventCodeEnum: typeof api.eventCodeEnum = /* @__PURE__ */ byName(CODES, "SDK_");
export const EnvironmentEnum: typeof api.EnvironmentEnum = /* @__PURE__ */ byName("prod sandbox", "");

/** An object whose members are their own names. */
function byName(names: string, prefix: string): any {
  const all: Record<string, string> = {};
  for (const name of names.split(" ")) all[prefix + name] = prefix + name;
  return all;
}
