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
  // A trace of each test takes a third of the whole time. For a failing test: `--trace on`.
  use: { screenshot: "only-on-failure" },
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
      // Answers of the gateway, and the package in Node: the browser makes no difference to them.
      testIgnore: ["faults.spec.ts", "package.spec.ts"],
      use: {
        browserName: "firefox",
        // A distribution's Firefox lacks Playwright's patches: it is driven through WebDriver BiDi.
        ...(firefox ? { channel: "moz-firefox", launchOptions: { executablePath: firefox } } : {}),
      },
    },
  ],
};

export default defineConfig(config);
