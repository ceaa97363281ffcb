// The published types. `docs/events.md` has a longer description of the events and of the result codes.
// Code that was written for the types of the original SDK compiles with these; `docs/guide/migrating.md`
// lists the differences.

/** The argument of `onEventCallback` and of `onError`. Each call gets an object of its own. */
export interface KassaEvent {
  /** Which event. A newer SDK may emit codes that are not listed: do not treat them as failures. */
  code: EventCode | (string & {});
  /**
   * What happened, in English, for logs and support. It never contains card data, a whole session or a
   * whole address. Absent where the code is enough.
   */
  message?: string;
  /**
   * The outcome of the payment: of `SDK_PAYMENT_SUCCESSFUL`, `SDK_PAYMENT_FAIL`, `SDK_PAYMENT_PROCESSING`,
   * `SDK_PAYMENT_PENDING`, `SDK_PAYMENT_ERROR` and `SDK_PAYMENT_CANCEL`.
   */
  result?: PaymentOutcome;
}

/**
 * The event codes. Those that are marked as errors go to `onError` first and to `onEventCallback` then, all
 * others to `onEventCallback` only. After the last event of an opening, and after `unmount()`, no event is
 * emitted until the next opening.
 */
export type EventCode =
  /**
   * Error. The next page was not opened: the session has no `paymentRedirectUrl`, the address has another
   * scheme than `https:`, or the browser refused. Before the payment, the view stays and has a button for
   * another try. After the payment, the result follows as an event.
   */
  | "SDK_CALL_URL_ERROR"
  /** The page is leaving for a bank, for 3DS or for your `paymentRedirectUrl`, or an app was opened. */
  | "SDK_CALL_URL_SUCCESS"
  /**
   * Error, and the last event of the opening. The component was not opened: the gateway refused or did not
   * answer for 15 s, the page's policy refused the gateway or its card form, the card form did not answer for
   * 15 s or could not start, or another component is open, which goes on. The message names the cause, and a
   * directive or cross-origin isolation only where the browser has reported it.
   */
  | "SDK_CREATECOMPONENT_ERROR"
  /**
   * Error, and the last event of the opening. A parameter of `createComponent` or `mountComponent` is wrong.
   * The message names it. No request was made.
   */
  | "SDK_CREATEPAYMENT_PARAMETER_ERROR"
  /** A submit while another one runs. It was ignored: no second request is made. */
  | "SDK_DUPLICATE_SUBMISSION_BEHAVIOR"
  /** The first view can be used, the page is leaving, or opening failed. Once for each start of loading. */
  | "SDK_END_OF_LOADING"
  /**
   * A submit with a form that has mistakes, which are shown, or one that `onBeforeSubmit` stopped. The form
   * stays.
   */
  | "SDK_FORM_VERIFICATION_FAILED"
  /** Error. An option of the constructor is wrong. The message names it, and the constructor throws the same. */
  | "SDK_INIT_PARAMETER_ERROR"
  /**
   * Error, and the last event of the opening. A fault of the SDK, or it could not start in this browser or
   * under this content security policy. The component is removed. Ask your server for the payment's state
   * before you offer to pay again.
   */
  | "SDK_INTERNAL_ERROR"
  /** Error. A payment app did not open within 5 s, and there is no page instead. The buyer can press again. */
  | "SDK_LAUNCH_PAYMENT_APP_ERROR"
  /** The buyer's part is complete. That is not the result: a redirect or a payment event follows. */
  | "SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL"
  /**
   * The last event. The buyer closed the component before submitting, or code of the page took it out of the
   * document, and nothing was paid: `result` has the code `USER_CANCELED`. `onClose` is called before.
   */
  | "SDK_PAYMENT_CANCEL"
  /** The issuer requires 3DS, and the challenge is shown to the buyer. */
  | "SDK_PAYMENT_CHALLENGE"
  /**
   * Error, and the last event. The state of the payment is not known, because the gateway did not answer for
   * 5 minutes. Call `inquiryPayment` on your server, and do not request a second payment.
   */
  | "SDK_PAYMENT_ERROR"
  /** The payment failed. While `result.retryable` is true and there is a form, it stays open. */
  | "SDK_PAYMENT_FAIL"
  /** The payment was started, and the money may take days. Deliver after the notification. */
  | "SDK_PAYMENT_PENDING"
  /**
   * The last event. The payment is not decided, and the component no longer waits: the time is up, the buyer
   * closed it, or code of the page took it out of the document. Call `inquiryPayment` on your server, and do not request a second payment.
   */
  | "SDK_PAYMENT_PROCESSING"
  /** The last event. Paid, as the gateway confirmed. Deliver when your server has confirmed it. */
  | "SDK_PAYMENT_SUCCESSFUL"
  /** The parameters were accepted, and nothing is shown yet. Also emitted with `showLoading: false`. */
  | "SDK_START_OF_LOADING"
  /**
   * Error. A submit got no usable answer, or the card could not be exchanged for a token. Where a payment may
   * have been started, the SDK inquires about it before the buyer can pay again.
   */
  | "SDK_SUBMIT_NETWORK_ERROR";

/** How a payment stands, for display. `inquiryPayment` on your server decides. */
export interface PaymentOutcome {
  /** The result of the call that brought this outcome. */
  result: {
    /** `SUCCESS`, `PAYMENT_IN_PROCESS` while undecided, or the reason of a failure. */
    resultCode: string;
    /** `S` paid, `F` failed, `U` not decided. */
    resultStatus: "S" | "F" | "U";
    /** The result in words, from the gateway where it sent some. */
    resultMessage: string;
  };
  /** As the gateway spells it: `SUCCESS`, `FAIL`, `PROCESSING`, `PENDING`, `CANCELLED`; an open set. */
  paymentStatus: string;
  /** The reason as a code; an open set. `docs/events.md` lists those with a known meaning. */
  paymentResultCode: string;
  /** The reason in words, from the gateway where it sent some. */
  paymentResultMessage: string;
  /** Whether the same session may be paid again. False for codes that the SDK has no meaning for. */
  retryable: boolean;
  /** What you can do, in English. */
  suggestion: string;
  /**
   * What in the page led to the outcome, where no code of the gateway's stands for it: `CHALLENGE_CLOSED`,
   * `CHALLENGE_TIMEOUT`, `CLOSED_BEFORE_RESULT` (by the buyer) or `NO_RESULT_IN_TIME`.
   */
  reason?: string;
  /** Data of the card, where the gateway sends it. */
  cardPaymentResultInfo?: CardPaymentResultInfo;
  /** Decisions of the risk service: `ACCEPT` or `REJECT`; `3D` or `NON_3D`. */
  popRiskDecisionResultInfo?: { riskDecision?: string; riskAuthDecision?: string };
}

/** Data of a card that may be shown or stored. Members that the gateway did not send are absent. */
export interface CardPaymentResultInfo {
  /** The masked number. */
  cardNo?: string;
  /** Such as `VISA`. */
  cardBrand?: string;
  /** The first six digits. */
  cardBin?: string;
  /** The last four digits. */
  lastFour?: string;
  /** The issuer. */
  issuerName?: string;
  /** ISO 3166-1 alpha-2. */
  issuingCountry?: string;
  /** `CREDIT`, `DEBIT`, `PREPAID`, `CHARGE` or `DEFERRED_DEBIT`. */
  funding?: string;
  /** The raw result of the address check: the acquirer's own value, as text. */
  avsResultRaw?: string;
  /** The raw result of the security code's check: the acquirer's own value, as text. */
  cvvResultRaw?: string;
  /** The holder's name. */
  holdName?: string;
  /** The same text for the same card number. */
  fingerprint?: string;
  /** Two digits. */
  expiryMonth?: string;
  /** Two digits. */
  expiryYear?: string;
}

/**
 * Options of the constructor. Each is read once. A wrong `environment` or `gateway`, and a callback that is
 * neither a function nor `null`, `false` or `""`, throws `SDK_INIT_PARAMETER_ERROR`. Any other value of another
 * type is ignored, and `onLog` receives `OPTION_IGNORED`. Members that are not listed are ignored.
 */
export interface Options {
  /**
   * The environment that the sessions were created in: `sandbox` or `prod`. Anything else is refused, and so is
   * none, since it would decide over real money; the type is as wide as the original's. A session of the other
   * environment is refused, too.
   */
  environment?: "sandbox" | "prod" | (string & {});
  /**
   * The language, such as `pt_BR`, `pt-BR` or `pt`. Default, also for languages that are not supported: the
   * first of the browser's languages that is, else English. It decides over texts, amounts and their
   * direction. The card form and the gateway get it, too. Supported are `en_US`, `pt_BR`, `ko_KR`, `es_ES`, `ms_MY`,
   * `in_ID`, `tl_PH`, `th_TH`, `vi_VN`, `fr_FR`, `nl_NL`, `it_IT`, `de_DE`, `zh_CN`, `zh_HK`, `ar_SA`, `hi_IN`,
   * `ja_JP`, `pl_PL`, `pt_PT`, `ro_RO` and `tr_TR`.
   *
   * Texts other than English come from the gateway, or from the folder `locales` beside the SDK's script. Until
   * they are there, or when they do not come within 2 s, the component is English.
   */
  locale?: string;
  /**
   * Texts of your own, by locale (in any spelling) and id, in place of the SDK's: `{ de_DE: { pay: "Kaufen" } }`. The
   * ids, with the English texts, are in `kassa/locales/en-US`. `{}` in a text stands for a value; a text needs as
   * many as the English one. A whole language can be imported from `kassa/locales/<BCP 47 tag>`, such as
   * `kassa/locales/de-DE`; then nothing is requested for it. The texts of the card form cannot be changed: it is
   * the gateway's page. What is not accepted is ignored, with a line for `onLog` (`OPTION_IGNORED`).
   */
  translations?: { [locale: string]: { [id: string]: string } };
  /**
   * Base address of a gateway with Kassa's client protocol: `https:`, or `http:` on a loopback, without user,
   * query and fragment. Default: the gateway of the region that the session names.
   */
  gateway?: string;
  /** CSP nonce of the one style element, in browsers without constructable style sheets. */
  nonce?: string;
  /**
   * `enabled` (default true) allows requests that the payment does not need. This version makes none, so the
   * option has no effect.
   */
  analytics?: { enabled?: boolean };
  /** Receives every event. What it throws is logged and changes nothing else. */
  onEventCallback?: ((event: KassaEvent) => void) | Nothing;
  /** Receives the errors among the events, before `onEventCallback`. `stack` is that of thrown errors. */
  onError?: ((event: KassaEvent & { message: string; stack?: string }) => void) | Nothing;
  /**
   * Receives lines for support engineers, without card data and without whole sessions. `code` is one of
   * `AMOUNT_HIDDEN`, `APP_NOT_OPENED`, `BEFORE_SUBMIT`, `CALLBACK_THREW`, `CODES_CHANGED`, `INQUIRE_FAILED`,
   * `INQUIRE_REFUSED`, `OPEN_FAILED`, `OPTION_IGNORED` and `SUBMIT_SILENT`; an open set.
   */
  onLog?: ((line: { code: string; message: string }) => void) | Nothing;
  /**
   * Called when the buyer has closed the component, or code of the page took it out of the document, at any
   * stage and before the last event; not after `unmount()`.
   */
  onClose?: (() => void) | Nothing;
  /** The size of the component, in CSS pixels, whenever it changes. Needs `ResizeObserver`. */
  onSizeChanged?: ((size: { width: number; height: number }) => void) | Nothing;
  /** The payment method of the session, such as `CARD`; once for each opening, after `SDK_END_OF_LOADING`. */
  onPaymentMethodSelected?: ((selected: { paymentMethodType: string }) => void) | Nothing;
  /**
   * Called before each submit, when the form is checked already. The submit waits for the answer, for 30 s at
   * most; longer is `TIMEOUT`. `CONTINUE`, `IGNORE` and no answer at all let it go on. Anything else stops it: a
   * form stays with `SDK_FORM_VERIFICATION_FAILED`; a method without a form ends with `SDK_PAYMENT_CANCEL` after
   * `CANCEL`, and with `SDK_CREATECOMPONENT_ERROR` otherwise. A callback that throws counts as `ERROR`.
   */
  onBeforeSubmit?:
    | ((payment: { paymentMethodType: string; processType: string }) => BeforeSubmit | void | Promise<BeforeSubmit | void>)
    | Nothing;
  /** Options of the original SDK that have no effect here; `onLog` receives `OPTION_IGNORED`. */
  securityRegion?: string;
  mode?: string;
  networkMode?: string;
  product?: string;
  onChange?: unknown;
}

/** What stands for no callback. */
type Nothing = null | false | "";

/** The answer of `onBeforeSubmit`. */
export interface BeforeSubmit {
  /** `CONTINUE` and `IGNORE` submit the payment, the others do not. */
  result: "CONTINUE" | "IGNORE" | "CANCEL" | "ERROR" | "TIMEOUT";
  /** Passed to the gateway with the submit, as `extParams.processType`. */
  processType?: string;
  /**
   * `billingAddress` is submitted with the payment, instead of that of `submit()`. Other members are ignored,
   * since they could change what is paid and how; `onLog` receives `OPTION_IGNORED` for each.
   */
  submitRequestData?: { billingAddress?: BillingAddress; [name: string]: unknown };
}

/**
 * Parameters of `createComponent` and `mountComponent`. Each is read once. A session of another type is refused
 * with `SDK_CREATEPAYMENT_PARAMETER_ERROR`. Any other value of another type is ignored, and `onLog` receives
 * `OPTION_IGNORED`. Members that are not listed are ignored.
 */
export interface ComponentParams {
  /**
   * `paymentSessionData` from the answer to `createPaymentSession`, unchanged: three or four parts joined by
   * `&&`, 8,192 characters at most. Required, unless `paymentSessionData` is given.
   */
  sessionData?: string | null;
  /** Another name for `sessionData`, which takes precedence unless it is empty. */
  paymentSessionData?: string | null;
  /** How the component looks. */
  appearance?: {
    /** Whether a loading view is shown before the first view. Only `false` hides it. */
    showLoading?: boolean;
    /** Whether the form has a pay button. Only `false` hides it; then call `submit()` from a button of your own. */
    showSubmitButton?: boolean;
    /** `default` is light, `night` is dark. Default: as the buyer's system. */
    theme?: "default" | "night" | (string & {});
    /** No effect in this version; `onLog` receives `OPTION_IGNORED`. */
    variables?: unknown;
    /** No effect in this version; `onLog` receives `OPTION_IGNORED`. */
    layout?: unknown;
    /** No effect, as `accentColor`; `onLog` receives `OPTION_IGNORED`. */
    themeType?: string;
    accentColor?: string;
    [name: string]: unknown;
  };
  /**
   * Whether the page stays after the payment, and the result comes as an event. Only `true` does that;
   * otherwise the buyer is sent to the session's `paymentRedirectUrl`.
   */
  notRedirectAfterComplete?: boolean;
  /**
   * Whether the page is shown inside of an app of yours. Payment apps are then opened by their scheme first.
   * Default false.
   */
  isAppWebview?: boolean;
  /**
   * Passed to the gateway, 16 levels deep at most. `storedCard.needCVV` (default false): the security code of
   * a stored card is required.
   */
  merchantAppointParam?: { storedCard?: { needCVV?: boolean } };
  /** Parameters of the original SDK that have no effect here; `onLog` receives `OPTION_IGNORED`. */
  isNativeAppWebview?: boolean;
  appendAliasContainerId?: boolean;
  elementProps?: unknown;
  paypalConfiguration?: unknown;
  configParams?: unknown;
  prefillValue?: unknown;
  componentSession?: unknown;
}

/** The argument of `submit()`. */
export interface SubmitData {
  /** The buyer's billing address, passed to the gateway as it is. The limits are the gateway's. */
  billingAddress?: BillingAddress;
}

/** A billing address. */
export interface BillingAddress {
  /** ISO 3166-1 alpha-2. */
  region?: string;
  /** At most 8 characters; for US, CA and GB the part of ISO 3166-2 behind the hyphen. */
  state?: string;
  /** At most 32 characters. */
  city?: string;
  /** At most 256 characters. */
  address1?: string;
  /** At most 256 characters. */
  address2?: string;
  /** At most 32 characters. */
  zipCode?: string;
}

/** The error that the constructor throws, and that promises reject with. */
export interface KassaError extends Error {
  /** The code of the event that reported the same error, if one did. */
  code: EventCode;
}

/** Options of `preload`. */
export interface IPreloadOptions {
  environment?: "sandbox" | "prod" | (string & {});
  gateway?: string;
  /** No effect. */
  securityRegion?: string;
}

/** The event codes by their own names; the last four are the original SDK's, and are never emitted here. */
export const eventCodeEnum: { readonly [Code in eventCodeEnum]: Code };
export type eventCodeEnum =
  | EventCode
  | "SDK_PAYMENT_APPROVE"
  | "SDK_PAYMENT_SHIPPINGCHANGE"
  | "SDK_PAYMENT_WARN"
  | "SDK_REDIRECT";

/** The environments by their own names. */
export const EnvironmentEnum: { readonly sandbox: "sandbox"; readonly prod: "prod" };
export type EnvironmentEnum = "sandbox" | "prod";

// The original SDK's names of the types above.
export type IoptionsParams = Options;
export type IcreateComponent = ComponentParams;
export type IMerchantAppointParam = NonNullable<ComponentParams["merchantAppointParam"]>;
export type IStoredCard = NonNullable<IMerchantAppointParam["storedCard"]>;
export type Isubmit = SubmitData;
export type IbillingAddress = BillingAddress;
export type Iselector = string;
export type Ianalytics = { enabled: boolean };
export type ValidationResult = { isValid: boolean };
export type EventCallbackResult = Partial<PaymentOutcome> & Record<string, any>;
export type callOnEventCallback = (state: { code: string; message?: string; result?: EventCallbackResult }) => void;
export type callOnError = (state: { code: string; message: string; stack?: any }) => void;
export type callOnLog = (state: { code: string; message: string }) => void;
export type callOnClose = () => void;
export type callOnSizeChanged = (state: { width: number; height: number }) => void;
export type callonPaymentMethodSelected = (state: { paymentMethodType: string }) => void;
export type onBeforeSubmitResult = {
  result: BeforeSubmit["result"];
  processType: string;
  submitRequestData: Record<string, any>;
};
export type callOnBeforeSubmit = (
  state?: Record<string, any>,
) => Promise<onBeforeSubmitResult> | onBeforeSubmitResult;
export type PaymentMethodTypeEnum = "ApplePay";
export type ApplePaySubTypeEnum = "ApplePayRecurringPayment";
export type SubPaymentMethodTypeEnum = ApplePaySubTypeEnum;

/**
 * The payment component. An instance has one component at a time and can open another one afterwards; a page
 * may have several instances.
 */
export class AMSCashierPayment {
  /**
   * Synchronous and cheap; makes no request and touches no global.
   *
   * @throws {KassaError} `SDK_INIT_PARAMETER_ERROR`: the message names the option, what was given and what is
   * accepted. `onError` and `onEventCallback` receive the same, where those are functions.
   */
  constructor(options: Options);

  /**
   * Prepares for an opening later on: starts the WebAssembly module and, with `gateway`, opens a connection and
   * has the browser fetch the files of the card form in a hidden frame. Failures are not reported.
   *
   * @throws {KassaError} `SDK_INIT_PARAMETER_ERROR`: a wrong `environment` or `gateway` was given.
   */
  static preload(options?: IPreloadOptions): void;

  /**
   * Whether a payment method can be used in this browser. `ApplePay`, which stands for the payment sheet of the
   * device: false, because the SDK has none. Any other name, or none: whether the SDK can run; the session
   * decides over its method.
   */
  canMakePayments(paymentMethod?: string, subPaymentMethod?: string): Promise<boolean>;

  /** Does nothing but log that: the SDK takes no fingerprint of the device. */
  initSecurity(config?: unknown): void;

  /**
   * Opens a component over the page. Resolves when the first view can be used, when the page is leaving, or
   * when the opening was ended by `unmount()` or by the buyer. On a phone, a payment app opens at once while the
   * page has the activation of the buyer's last press, so call this in a click handler; else there is a button.
   *
   * Rejects with a {@link KassaError}: `SDK_CREATEPAYMENT_PARAMETER_ERROR`, `SDK_CREATECOMPONENT_ERROR` or
   * `SDK_INTERNAL_ERROR`. Each has been reported as an event, too; only when a page calls more than a hundred
   * times without a pause, as from a callback that calls on each event, the further calls are refused silently.
   */
  createComponent(params: ComponentParams): Promise<void>;

  /**
   * Opens a component inside of your page. Resolves and rejects as `createComponent`.
   *
   * @param container An element, also inside of a shadow root, or a selector that matches one in the document.
   */
  mountComponent(params: ComponentParams, container: string | Element): Promise<void>;

  /**
   * Checks the form and pays, or opens the app where one is offered. Waits for an opening that is under way.
   * Resolves with the code and the message of the event that ended the attempt; while the buyer has to do
   * something first, it waits for that. A second submit resolves with `SDK_DUPLICATE_SUBMISSION_BEHAVIOR`, one
   * that `unmount()` interrupts with `SDK_PAYMENT_PROCESSING`.
   *
   * Rejects with a {@link KassaError}: `SDK_CREATECOMPONENT_ERROR` when nothing is open or the payment is over,
   * `SDK_CREATEPAYMENT_PARAMETER_ERROR` when `data` cannot be read, `SDK_INTERNAL_ERROR`.
   */
  submit(data?: SubmitData): Promise<{ code: EventCode; message: string }>;

  /**
   * Checks the form and marks its mistakes. `isValid` is false, too, when no form is shown, when a payment is
   * under way, and when the card form does not answer within 20 s.
   */
  validateFields(): Promise<{ isValid: boolean }>;

  /**
   * Removes the component with its listeners, timers and requests. Synchronous, emits no event, and may be
   * called at any moment, in callbacks too. A payment that is under way goes on at the gateway.
   */
  unmount(): void;
}

export default AMSCashierPayment;
