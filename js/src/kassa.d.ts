/** What `onEventCallback` and `onError` receive. */
export interface KassaEvent {
  /** One of the event codes; an open set, so that a newer SDK does not break older handlers. */
  code: EventCode | (string & {});
  /** What happened, for the person who reads the log. */
  message?: string;
  /** Of payment events: the outcome. */
  result?: PaymentOutcome;
}

/** The event codes. */
export type EventCode =
  | "SDK_CALL_URL_ERROR"
  | "SDK_CALL_URL_SUCCESS"
  | "SDK_CREATECOMPONENT_ERROR"
  | "SDK_CREATEPAYMENT_PARAMETER_ERROR"
  | "SDK_DUPLICATE_SUBMISSION_BEHAVIOR"
  | "SDK_END_OF_LOADING"
  | "SDK_FORM_VERIFICATION_FAILED"
  | "SDK_INIT_PARAMETER_ERROR"
  | "SDK_INTERNAL_ERROR"
  | "SDK_LAUNCH_PAYMENT_APP_ERROR"
  | "SDK_PAYMENT_AUTHORIZATION_SUCCESSFUL"
  | "SDK_PAYMENT_CANCEL"
  | "SDK_PAYMENT_CHALLENGE"
  | "SDK_PAYMENT_ERROR"
  | "SDK_PAYMENT_FAIL"
  | "SDK_PAYMENT_PENDING"
  | "SDK_PAYMENT_PROCESSING"
  | "SDK_PAYMENT_SUCCESSFUL"
  | "SDK_START_OF_LOADING"
  | "SDK_SUBMIT_NETWORK_ERROR";

/** How a payment stands. For display only: the server's inquiry decides. */
export interface PaymentOutcome {
  result: { resultCode: string; resultStatus: "S" | "F" | "U"; resultMessage: string };
  paymentStatus: string;
  paymentResultCode: string;
  paymentResultMessage: string;
  /** Whether the same session may be paid again. */
  retryable: boolean;
  /** What the merchant can do. */
  suggestion: string;
  /** What in the page led here, where the gateway's words do not tell. */
  reason?: string;
  cardPaymentResultInfo?: CardPaymentResultInfo;
  popRiskDecisionResultInfo?: { riskDecision?: string; riskAuthDecision?: string };
}

/** Facts of the card. Raw values are the acquirer's own. */
export interface CardPaymentResultInfo {
  cardNo?: string;
  cardBrand?: string;
  cardBin?: string;
  lastFour?: string;
  issuerName?: string;
  issuingCountry?: string;
  funding?: string;
  avsResultRaw?: string;
  cvvResultRaw?: string;
  holdName?: string;
  fingerprint?: string;
  expiryMonth?: string;
  expiryYear?: string;
}

/** Options of the constructor. */
export interface Options {
  /** Which kind of session will be opened. */
  environment: "sandbox" | "prod";
  /** One of the fifteen locales, in any spelling. Otherwise the browser's languages decide. */
  locale?: string;
  /** Base URL of a gateway that speaks the protocol. Otherwise the session's region decides. */
  gateway?: string;
  /** CSP nonce for the one style sheet, on engines without constructable ones. */
  nonce?: string;
  /** `enabled: false` leaves out every request that the payment does not need. */
  analytics?: { enabled?: boolean };
  onEventCallback?: (event: KassaEvent) => void;
  onError?: (event: KassaEvent & { stack?: string }) => void;
  onLog?: (line: { code: string; message: string }) => void;
  onClose?: () => void;
  /** CSS pixels. */
  onSizeChanged?: (size: { width: number; height: number }) => void;
}

/** Arguments of `createComponent` and `mountComponent`. */
export interface ComponentParams {
  /** `paymentSessionData` of `createPaymentSession`, unchanged. */
  sessionData?: string;
  /** Another name for `sessionData`. */
  paymentSessionData?: string;
  appearance?: {
    /** Default true. */
    showLoading?: boolean;
    /** Default true. When false, call `submit()` from a button of your own. */
    showSubmitButton?: boolean;
    /** Default: as the buyer's system. */
    theme?: "default" | "night";
    variables?: Record<string, string>;
    layout?: object;
  };
  /** Default false: after paying, the buyer is sent to the session's `paymentRedirectUrl`. */
  notRedirectAfterComplete?: boolean;
  isAppWebview?: boolean;
  merchantAppointParam?: { storedCard?: { needCVV?: boolean } };
}

/** What `submit()` can take along. */
export interface SubmitData {
  billingAddress?: {
    region?: string;
    state?: string;
    city?: string;
    address1?: string;
    address2?: string;
    zipCode?: string;
  };
}

/** What promises reject with. */
export interface KassaError extends Error {
  code: EventCode;
}

/** The payment component. */
export class AMSCashierPayment {
  /**
   * Cheap and synchronous; makes no request.
   * @throws {KassaError} `SDK_INIT_PARAMETER_ERROR`, naming the option and what is accepted.
   */
  constructor(options: Options);

  /** Warms the gateway's connection and loads what will be needed. */
  static preload(options: { environment: "sandbox" | "prod"; gateway?: string }): void;

  /** Opens over the page. Resolves when the buyer can use it, or when the page is leaving. */
  createComponent(params: ComponentParams): Promise<void>;

  /** The same inside a container of yours. */
  mountComponent(params: ComponentParams, container: string | Element): Promise<void>;

  /** Pays. Resolves with the code of the event that ended the attempt. */
  submit(data?: SubmitData): Promise<{ code: EventCode; message: string }>;

  /** Marks what is wrong on the fields. */
  validateFields(): Promise<{ isValid: boolean }>;

  /** Removes everything at once, silently, at any moment. Opening again works. */
  unmount(): void;
}
