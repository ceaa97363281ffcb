import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";

// xtask builds everything, starts the sandbox on a free port and fills these in. Without it:
// run `cargo xtask demo`, and name its addresses here.
const chromium = process.env["KASSA_CHROMIUM"];
const firefox = process.env["KASSA_FIREFOX"];

const config: PlaywrightTestConfig = {
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  forbidOnly: true,
  // A test that holds on its second try has found something.
  retries: 0,
  workers: 2,
  fullyParallel: true,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["json"]],
  use: { trace: "retain-on-failure", screenshot: "only-on-failure" },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: {
          ...(chromium ? { executablePath: chromium } : {}),
          // Some of these keep the browser from talking to anyone but the sandbox.
          args: [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
          ],
        },
      },
    },
    {
      name: "firefox",
      use: {
        browserName: "firefox",
        // A distribution's Firefox lacks Playwright's patches: it is driven through WebDriver BiDi.
        ...(firefox ? { channel: "moz-firefox", launchOptions: { executablePath: firefox } } : {}),
      },
    },
  ],
};

export default defineConfig(config);
