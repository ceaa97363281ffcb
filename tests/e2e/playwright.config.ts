// Types only, so that `tests/interop`, which has a Playwright of its own, can extend the configuration.
import type { PlaywrightTestConfig } from "@playwright/test";

// xtask sets these variables, and those with the addresses of the sandbox.
const chromium = process.env["KASSA_CHROMIUM"];
const firefox = process.env["KASSA_FIREFOX"];

const config: PlaywrightTestConfig = {
  testDir: ".",
  testMatch: "**/*.spec.ts",
  outputDir: "test-results",
  forbidOnly: true,
  // A test that passes only on its second run has found a fault.
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
          // Some of these prevent the browser's own requests to other hosts.
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
      // Faults of the gateway, and what runs in Node, do not depend on the browser.
      testIgnore: ["faults.spec.ts", "package.spec.ts", "reading.spec.ts"],
      use: {
        browserName: "firefox",
        // A distribution's Firefox lacks Playwright's patches: it is driven through WebDriver BiDi.
        ...(firefox ? { channel: "moz-firefox", launchOptions: { executablePath: firefox } } : {}),
      },
    },
  ],
};

export default config;
