//! Every screen in the DOM.

use js_sys::Reflect;
use serde_json::json;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{
    Clock, Element, Sdk, Shown, answers, opening, page_address, press, restored, run_queued_tasks,
    until, window,
};

fn shown(screen: &str) -> Shown {
    Shown { screen: screen.to_owned(), has_close: true, ..Shown::default() }
}

#[wasm_bindgen_test]
async fn hidden_until_there_is_a_form() {
    let sdk = Sdk::new();
    sdk.create_with(&json!({"appearance": {"showLoading": false}}));
    let screen = sdk.screen();
    assert_eq!(screen.name(), "hidden");
    assert!(!screen.panel().has_attribute("open"));
    assert!(!screen.is_visible(".panel"));
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    assert!(sdk.shows("ended").await.panel().matches(":modal").unwrap());

    let (sdk, container) = (Sdk::new(), Element::new("div"));
    let parameters = json!({"appearance": {"showLoading": false}});
    sdk.open(&opening(&parameters), container.js());
    assert!(!sdk.screen().is_visible(".panel"));
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    assert!(sdk.shows("ended").await.is_visible(".panel"));
}

#[wasm_bindgen_test]
async fn loading() {
    let sdk = Sdk::new();
    sdk.create();
    let status = "Preparing secure payment…".to_owned();
    let expected = Shown { status, has_spinner: true, ..shown("loading") };
    assert_eq!(sdk.screen().shown(), expected);
    for (region, role) in [(".alert", "alert"), (".status", "status"), (".left", "timer")] {
        let element = sdk.screen().element(region);
        assert_eq!(element.get_attribute("role").as_deref(), Some(role), "{region}");
    }
    for button in [".close", ".action:not(.second)", ".action.second"] {
        let kind = sdk.screen().element(button).get_attribute("type");
        assert_eq!(kind.as_deref(), Some("button"), "never submits a form of the page's");
    }
    let close = sdk.screen().element(".close");
    assert_eq!(close.get_attribute("aria-label").as_deref(), Some("Close"));
    let spinner = sdk.screen().element(".spinner");
    assert_eq!(spinner.get_attribute("aria-hidden").as_deref(), Some("true"));
}

#[wasm_bindgen_test]
async fn form_that_waits_and_form_that_pays() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    let screen = sdk.screen();
    assert_eq!(screen.text(".merchant"), "Tea House");
    assert_eq!(screen.text(".amount"), "MYR\u{a0}42.00");
    let button = "Pay MYR\u{a0}42.00".to_owned();
    let ready = Shown { button, has_form: true, ..shown("form") };
    assert_eq!(screen.shown(), ready);
    assert_eq!(screen.button().get_attribute("aria-disabled").as_deref(), Some("false"));

    press(&screen.button());
    let button = "Paying…".to_owned();
    let busy = Shown { button, has_form: true, has_close: false, ..shown("form") };
    assert_eq!(screen.shown(), busy);
    assert_eq!(screen.button().get_attribute("aria-disabled").as_deref(), Some("true"));
    assert!(!screen.button().has_attribute("disabled"), "keeps the keyboard's focus");

    form.replies("submit", &json!({"t": "unreachable"})).await;
    until("the form is back", || screen.shown().has_close).await;
    let alert = "The connection was interrupted and nothing was paid. Please try again.".to_owned();
    assert_eq!(screen.shown(), Shown { alert, ..ready });
}

#[wasm_bindgen_test]
async fn form_with_the_merchants_own_button() {
    let sdk = Sdk::new();
    let parameters = json!({"appearance": {"showSubmitButton": false}});
    sdk.card_form_with(&parameters, &answers::card()).await;
    assert_eq!(sdk.screen().shown(), Shown { has_form: true, ..shown("form") });
}

#[wasm_bindgen_test]
async fn app() {
    let sdk = Sdk::new();
    let answer = answers::processing(&json!({"applinkUrl": page_address("app")}));
    sdk.submitted(&answer).await;
    let expected = Shown {
        status: "You pay in the app of your wallet or bank.".to_owned(),
        button: "Open the app".to_owned(),
        ..shown("app")
    };
    assert_eq!(sdk.shows("app").await.shown(), expected);
}

#[wasm_bindgen_test]
async fn challenge_with_and_without_another_way() {
    for (more, second_button) in
        [(json!({}), ""), (json!({"normalUrl": "https://acs.example/"}), "Continue")]
    {
        let sdk = Sdk::new();
        sdk.submitted(&answers::challenge(&more)).await;
        let expected = Shown {
            status: "Your bank checks that it is you.".to_owned(),
            second_button: second_button.to_owned(),
            has_challenge: true,
            ..shown("challenge")
        };
        assert_eq!(sdk.shows("challenge").await.shown(), expected);
    }
}

#[wasm_bindgen_test]
async fn codes() {
    let clock = Clock::start();
    let sdk = Sdk::under(&clock);
    sdk.submitted(&answers::code("1234", 60_000)).await;
    let screen = sdk.shows("codes").await;
    let code = Shown {
        status: "Pay with this code in your app or at your bank. This page will show when it is \
                 done."
            .to_owned(),
        button: "I have paid".to_owned(),
        time_left: "Time left 1:00".to_owned(),
        ..shown("codes")
    };
    assert_eq!(screen.shown(), code);
    assert!(!screen.element(".codes-slot").hidden());

    press(&screen.button());
    let checking = "Checking your payment. Please keep this page open…";
    assert_eq!(screen.shown(), Shown { status: checking.to_owned(), ..code });
    sdk.gateway.call_now().answer(&answers::code("1234", 1_500));
    let not_yet = "Your payment has not arrived yet. That can take a moment.";
    until("the check is over", || screen.shown().status == not_yet).await;
    assert_eq!(screen.shown().time_left, "Time left 0:02");

    clock.advance(1_500);
    sdk.gateway.call_now().answer(&answers::code("1234", 0));
    let expired = "This code is no longer valid. If you have paid, please wait: we are checking.";
    until("the code has expired", || screen.shown().status == expired).await;
    assert_eq!(screen.shown().time_left, "");
}

#[wasm_bindgen_test]
async fn waiting_for_an_approval_on_the_phone() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"waitsFor": "APPROVAL"}))).await;
    let expected = Shown {
        status: "Please approve the payment on your phone: open the message from your bank or \
                 wallet, or its app."
            .to_owned(),
        button: "I have paid".to_owned(),
        has_spinner: true,
        ..shown("waiting")
    };
    assert_eq!(sdk.shows("waiting").await.shown(), expected);
}

#[wasm_bindgen_test]
async fn waiting_for_the_result() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({}))).await;
    let expected = Shown {
        status: "Checking your payment. Please keep this page open…".to_owned(),
        has_spinner: true,
        ..shown("waiting")
    };
    assert_eq!(sdk.shows("waiting").await.shown(), expected);
}

#[wasm_bindgen_test]
async fn waiting_for_another_page() {
    let sdk = Sdk::new();
    sdk.submitted(&answers::processing(&json!({"normalUrl": page_address("bank")}))).await;
    sdk.receives("CALL_URL_SUCCESS").await;
    let expected = Shown {
        status: "Taking you to the next step…".to_owned(),
        button: "Continue".to_owned(),
        has_spinner: true,
        ..shown("waiting")
    };
    assert_eq!(sdk.screen().shown(), expected);
}

#[wasm_bindgen_test]
async fn ended_with_success_and_failure() {
    for (answer, alert, status) in [
        (answers::payment("SUCCESS", &json!({})), "", "Payment complete. Thank you!"),
        (
            answers::payment("FAIL", &json!({"paymentResultCode": "ORDER_IS_CLOSED"})),
            "This checkout has expired. Please go back to the shop and start again.",
            "",
        ),
    ] {
        let sdk = Sdk::new();
        sdk.create_with(&json!({"notRedirectAfterComplete": true}));
        sdk.gateway.answer(&answer).await;
        let expected = Shown {
            alert: alert.to_owned(),
            status: status.to_owned(),
            button: "Close".to_owned(),
            ..shown("ended")
        };
        let screen = sdk.shows("ended").await;
        assert_eq!(screen.shown(), expected);

        press(&screen.button());
        assert!(!sdk.is_in_page());
        assert_eq!(sdk.record.order().last().map(String::as_str), Some("onClose"));
    }
}

#[wasm_bindgen_test]
async fn ended_by_an_address_that_may_not_be_opened() {
    let sdk = Sdk::new();
    let answer = answers::processing(&json!({"normalUrl": "javascript:window.broken=1"}));
    sdk.submitted(&answer).await;
    let expected = Shown {
        alert: "The next page could not be opened.".to_owned(),
        button: "Continue".to_owned(),
        ..shown("ended")
    };
    let screen = sdk.shows("ended").await;
    assert_eq!(screen.shown(), expected);
    sdk.record.take();
    press(&screen.button());
    assert_eq!(sdk.record.order(), ["onError CALL_URL_ERROR", "CALL_URL_ERROR"]);
    assert!(Reflect::get(&window(), &"broken".into()).unwrap().is_undefined());
}

#[wasm_bindgen_test]
async fn the_form_is_removed_at_the_end() {
    let sdk = Sdk::new();
    let parameters = json!({"notRedirectAfterComplete": true});
    let form = sdk.card_form_with(&parameters, &answers::card()).await;
    press(&sdk.screen().button());
    form.answer_with_token().await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    sdk.gateway.answer(&answers::payment("SUCCESS", &json!({}))).await;
    let screen = sdk.shows("ended").await;
    assert!(screen.frame().is_none());
    run_queued_tasks().await;
    assert!(sdk.gateway.is_quiet());
}

#[wasm_bindgen_test]
async fn the_form_stays_while_a_next_step_is_blocked() {
    let sdk = Sdk::new();
    let form = sdk.card_form().await;
    press(&sdk.screen().button());
    form.answer_with_token().await;
    sdk.gateway.answer(&answers::processing(&json!({"normalUrl": "http://bank.example/"}))).await;
    let screen = sdk.shows("ended").await;
    assert!(!screen.shown().has_form);
    // The buyer returns from the bank's page.
    restored();
    let decline = json!({"paymentResultCode": "DO_NOT_HONOR"});
    sdk.gateway.answer(&answers::payment("FAIL", &decline)).await;
    assert!(sdk.shows("form").await.shown().has_form);
    assert_eq!(screen.frame().as_ref(), Some(&form.frame));
    assert_eq!(form.welcomes(), 1, "it has not been loaded again");
}
