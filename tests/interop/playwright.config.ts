// The browsers and limits of the end-to-end tests. The certificates of the internet that `internet.ts`
// plays are no real ones.

import type { PlaywrightTestConfig } from "@playwright/test";

import base from "../e2e/playwright.config";

// Failures are the SDK's and the gateway's, and the same in each browser.
const testIgnore: Record<string, string[]> = { firefox: ["failures.spec.ts"] };
const projects = (base.projects ?? []).map((project) => ({ ...project, testIgnore: testIgnore[project.name ?? ""] ?? [] }));

const config: PlaywrightTestConfig = {
  ...base,
  use: { ...base.use, ignoreHTTPSErrors: true },
  projects,
};

export default config;
