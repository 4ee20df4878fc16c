import { defineConfig, devices } from "@playwright/test";
import { CHROMIUM_FLAGS, findBrowser } from "../scripts/lib/engines.mjs";

// Chosen once, by the first process that reads this file; its workers inherit it. Below 5060, which browsers refuse to open.
const PORT = Number((process.env["GOODPUT_E2E_PORT"] ??= String(4300 + (process.pid % 700))));
// A sub-path, because the built page must work in any.
const BASE = "/lab/goodput/";
const executablePath = await findBrowser();
const chromium = {
  ...devices["Desktop Chrome"],
  launchOptions: { args: [...CHROMIUM_FLAGS], ...(executablePath === null ? {} : { executablePath }) },
};

export default defineConfig({
  testDir: ".",
  outputDir: "../test-results",
  timeout: 45_000,
  expect: { timeout: 8000 },
  // Stories measure time: one at a time, so that they do not slow each other down.
  workers: 1,
  // On shared machines a second try tells a slow moment from a defect; the report says how many needed it.
  retries: process.env["CI"] === undefined ? 0 : 1,
  forbidOnly: process.env["CI"] !== undefined,
  reporter: [["list"]],
  use: {
    baseURL: `http://localhost:${PORT}${BASE}`,
    actionTimeout: 8000,

    screenshot: "only-on-failure",
    colorScheme: "light",
  },
  webServer: {
    command: `node scripts/serve.mjs ${PORT} ${BASE}`,
    cwd: "..",
    url: `http://localhost:${PORT}${BASE}`,
    reuseExistingServer: false,
    stdout: "ignore",
  },
  projects: [
    { name: "light", testIgnore: /phone\.spec\.ts/, use: { ...chromium, viewport: { width: 1440, height: 900 } } },
    { name: "dark", testMatch: /screens\.spec\.ts/, use: { ...chromium, viewport: { width: 1440, height: 900 }, colorScheme: "dark" } },
    {
      name: "phone",
      testMatch: /(phone|screens)\.spec\.ts/,
      use: { ...chromium, viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
    },
  ],
});
