// A merchant's checkout as it is written for the original SDK: it compiles with that package's types and
// with ours, which `tsconfig.json` puts in their place.

import AMSCheckout, {
  AMSCashierPayment,
  EnvironmentEnum,
  eventCodeEnum,
  type callOnBeforeSubmit,
  type callOnClose,
  type callOnError,
  type callOnEventCallback,
  type callOnLog,
  type callOnSizeChanged,
  type callonPaymentMethodSelected,
  type ApplePaySubTypeEnum,
  type EventCallbackResult,
  type Ianalytics,
  type IbillingAddress,
  type IcreateComponent,
  type IMerchantAppointParam,
  type IoptionsParams,
  type IPreloadOptions,
  type Iselector,
  type IStoredCard,
  type Isubmit,
  type onBeforeSubmitResult,
  type PaymentMethodTypeEnum,
  type SubPaymentMethodTypeEnum,
  type ValidationResult,
} from "@alipay/ams-checkout";

declare const settings: { environment: string; locale: string; theme: string; region: "US" | "SG" | "DE" };
declare function show(text: string): void;

const onEventCallback: callOnEventCallback = ({ code, message, result }) => {
  switch (code) {
    case eventCodeEnum.SDK_START_OF_LOADING:
    case eventCodeEnum.SDK_END_OF_LOADING:
      break;
    case eventCodeEnum.SDK_CALL_URL_ERROR:
    case eventCodeEnum.SDK_LAUNCH_PAYMENT_APP_ERROR:
      show(message ?? "");
      break;
    case eventCodeEnum.SDK_PAYMENT_SUCCESSFUL: {
      const outcome: EventCallbackResult | undefined = result;
      show(outcome?.result?.resultMessage ?? outcome?.paymentStatus ?? "");
      show(outcome?.anyOtherMember);
      break;
    }
    case eventCodeEnum.SDK_REDIRECT:
      show(result?.redirectUrls?.normalUrl ?? "");
      break;
    case "SDK_PAYMENT_FAIL":
      show(result?.paymentResultCode ?? "");
      break;
    default:
      show(code);
  }
};
const onError: callOnError = ({ code, message, stack }) => show(code + message.trim() + String(stack));
const onLog: callOnLog = ({ code, message }) => show(code + message);
const onClose: callOnClose = () => show("closed");
const onSizeChanged: callOnSizeChanged = ({ width, height }) => show(`${width} ${height}`);
const onPaymentMethodSelected: callonPaymentMethodSelected = ({ paymentMethodType }) => show(paymentMethodType);
const onBeforeSubmit: callOnBeforeSubmit = async (state): Promise<onBeforeSubmitResult> => ({
  result: state?.["paymentMethodType"] === "CARD" ? "CONTINUE" : "CANCEL",
  processType: String(state?.["processType"]),
  submitRequestData: { billingAddress: { city: "Kuala Lumpur" } },
});
const analytics: Ianalytics = { enabled: true };

const options: IoptionsParams = {
  environment: settings.environment,
  locale: settings.locale,
  analytics,
  onEventCallback,
  onError,
  onLog,
  onClose,
  onSizeChanged,
  onPaymentMethodSelected,
  onBeforeSubmit,
  product: "CASHIER_PAYMENT",
  networkMode: "session",
  mode: "component",
  securityRegion: settings.region,
};

const storedCard: IStoredCard = { needCVV: true };
const merchantAppointParam: IMerchantAppointParam = { storedCard };
const selector: Iselector = "#payment";
const address: IbillingAddress = { region: "MY", zipCode: "50450" };
const data: Isubmit = { billingAddress: address };
const preload: IPreloadOptions = { environment: settings.environment, securityRegion: "SG" };
const applePay: PaymentMethodTypeEnum = "ApplePay";
const recurring: ApplePaySubTypeEnum = "ApplePayRecurringPayment";
const sub: SubPaymentMethodTypeEnum = recurring;

export async function pay(sessionData: string): Promise<boolean> {
  AMSCashierPayment.preload();
  AMSCashierPayment.preload(preload);
  const checkout = new AMSCashierPayment(options);
  const params: IcreateComponent = {
    sessionData,
    paymentSessionData: sessionData,
    appearance: {
      showLoading: true,
      showSubmitButton: false,
      theme: settings.theme,
      layout: { type: "tabs" },
      variables: { "background-primary": "#ffffff" },
      themeType: settings.theme,
      accentColor: "#102030",
    },
    notRedirectAfterComplete: true,
    isAppWebview: false,
    isNativeAppWebview: false,
    appendAliasContainerId: false,
    elementProps: { elementLink: "https://shop.example" },
    merchantAppointParam,
  };
  await checkout.createComponent(params);
  await checkout.mountComponent(params, selector);
  await checkout.submit();
  await checkout.submit(data);
  const { isValid }: ValidationResult = await checkout.validateFields();
  const canPay: boolean = await checkout.canMakePayments(applePay, sub);
  checkout.unmount();
  return isValid && canPay;
}

/** The package's default export has the same methods. */
export function open(sessionData: string): Promise<void> {
  const checkout = new AMSCheckout({ environment: EnvironmentEnum.sandbox });
  return checkout.createComponent({ sessionData });
}
