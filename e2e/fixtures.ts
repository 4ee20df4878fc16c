// What every story gets: a page whose console stays clean and which asks nobody but its own host, the Workbench by name, axe, and pictures.
import { expect, test as base, type Page } from "@playwright/test";
import axe from "axe-core";
import { Workbench } from "./workbench.ts";

interface Guard {
  /** Complaints of the page that a story causes on purpose. */
  allow(pattern: RegExp): void;
}

interface Fixtures {
  readonly guard: Guard;
  readonly workbench: Workbench;
}

export const test = base.extend<Fixtures>({
  guard: [
    async ({ page, baseURL }, provide) => {
      const home = new URL(baseURL ?? "http://localhost/").origin;
      const complaints: string[] = [];
      const allowed: RegExp[] = [];
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(`console ${message.type()}: ${message.text()}`);
      });
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.origin !== home) complaints.push(`asked another host: ${url.href}`);
      });
      page.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
      });
      await provide({ allow: (pattern) => allowed.push(pattern) });
      expect(complaints.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
    },
    { auto: true },
  ],
  workbench: async ({ page }, provide) => provide(new Workbench(page)),
});

export { expect };

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** No violation of WCAG 2.2 A and AA that axe can see. Only what is wrong leaves the page: what is right is megabytes of messages. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async (values) => {
    const { run } = (globalThis as unknown as { readonly axe: typeof axe }).axe;
    const found = await run({ runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return found.violations.map(
      ({ id, help, nodes }) =>
        `${id}: ${help}: ${nodes
          .map(({ target }) => target.join(" "))
          .slice(0, 4)
          .join(", ")}`,
    );
  }, RULES);
  expect(violations).toEqual([]);
}

/** A picture for people, under test-results/screens; never compared. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `test-results/screens/${name}-${test.info().project.name}.png` });
}
