// The desk as the SDK's own script loads it: `dist/kassa-desk.js`, beside itself.
export * from "./desk/index";
