// Runs the code blocks of README.md that are not TypeScript. Only the addresses and the folder of the
// demo are replaced by those of the test. The suite `lint` compiles the TypeScript blocks, and fails
// when a block is named neither here nor there.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { test as bare } from "@playwright/test";

import { expect, test } from "./support";
import { payButton, typeCard } from "./support/lab";

const root = fileURLToPath(new URL("../../", import.meta.url));
const data = process.env["KASSA_DATA"] ?? join(root, "target/demo");

// Chromium counts a page that a test fulfils as public, and refuses its requests to a loopback address.
test.use({
  launchOptions: [
    async ({ browserName, launchOptions }, use) => {
      const args = [...(launchOptions.args ?? []), "--disable-features=LocalNetworkAccessChecks"];
      await use(browserName === "chromium" ? { ...launchOptions, args } : launchOptions);
    },
    { scope: "worker" },
  ],
});

/** The code of the block with this language and name. */
function block(info: string): string {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const found = readme.split(/^```/m).filter((part, index) => index % 2 === 1 && part.startsWith(`${info}\n`));
  expect(found, `README.md has one block "${info}"`).toHaveLength(1);
  return found[0]!.slice(info.length + 1);
}

/** The code of a block for this gateway. */
function blockFor(gateway: string, info: string): string {
  return block(info).replaceAll("http://127.0.0.1:4311", gateway).replaceAll("target/demo", data);
}

/** Runs a command in an empty folder, which is removed afterwards. */
function inEmptyFolder<T>(run: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "kassa-readme-"));
  try {
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Creates a session by the example for merchants' servers, in a process of its own. */
function createSessionAsTheReadme(gateway: string): string {
  return inEmptyFolder((folder) => {
    const server = join(folder, "server.mjs");
    writeFileSync(server, blockFor(gateway, "js server"));
    const program = `
      const { createPaymentSession } = await import(${JSON.stringify(pathToFileURL(server).href)});
      process.stdout.write(await createPaymentSession());
    `;
    return execFileSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  });
}

test("the README's page, server and policy together pay a card", async ({
  page, shop, gateway,
}) => {
  const sessionData = createSessionAsTheReadme(gateway);
  expect(sessionData.split("&&").length).toBeGreaterThanOrEqual(3);
  // Besides the README's policy only the page's icon is allowed, which Firefox requests for every page.
  const policy = `default-src 'none'; img-src 'self'; ${blockFor(gateway, "http policy").trim()}`;
  // Only the shop's origin may show the sandbox's card form.
  await page.route(`${shop}/readme`, (route) =>
    route.fulfill({
      contentType: "text/html",
      headers: { "content-security-policy": policy },
      body: block("html page"),
    }),
  );
  await page.route(`${shop}/kassa.js`, (route) => route.fulfill({ path: join(root, "dist/kassa.js") }));
  await page.route(`${shop}/checkout.js`, (route) =>
    route.fulfill({ contentType: "text/javascript", body: blockFor(gateway, "js page") }),
  );
  await page.route(`${shop}/api/payment-session`, (route) => {
    expect(route.request().method()).toBe("POST");
    return route.fulfill({ json: { sessionData } });
  });

  await page.goto(`${shop}/readme`);
  await page.locator("#pay").click();
  await typeCard(page);
  await payButton(page).click();
  await expect(page.locator("#outcome")).toContainText("SDK_PAYMENT_SUCCESSFUL", { timeout: 20_000 });
});

bare("the package is installed and imported as in the README", () => {
  inEmptyFolder((folder) => {
    symlinkSync(root, join(folder, "kassa"), "junction");
    const shop = join(folder, "shop");
    mkdirSync(shop);
    writeFileSync(join(shop, "package.json"), "{}");
    const env = { ...process.env, npm_config_offline: "true", npm_config_audit: "false", npm_config_fund: "false" };
    execFileSync(block("sh install").trim(), { cwd: shop, env, shell: true });
    const program = `console.log(Object.keys(await import("kassa")).join())`;
    const options = { cwd: shop, encoding: "utf8" as const };
    const exported = execFileSync(process.execPath, ["--input-type=module", "-e", program], options);
    expect(exported.trim()).toBe("AMSCashierPayment,EnvironmentEnum,default,eventCodeEnum");
  });
});
