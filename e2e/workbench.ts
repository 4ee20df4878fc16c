// The Workbench as a person finds it: by role and name. The only place of the stories that knows how the page is built.
import { readFile } from "node:fs/promises";
import { expect, type Download, type Locator, type Page } from "@playwright/test";

export class Workbench {
  readonly page: Page;
  readonly pause: Locator;
  readonly run: Locator;
  readonly step: Locator;
  readonly speed: Locator;
  readonly clock: Locator;
  readonly story: Locator;
  readonly fleet: Locator;
  readonly time: Locator;
  readonly summary: Locator;
  readonly requests: Locator;
  readonly undo: Locator;
  readonly redo: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pause = page.getByRole("button", { name: "Pause", exact: true });
    this.run = page.getByRole("button", { name: /^Run/ });
    this.step = page.getByRole("button", { name: /^Step/ });
    this.speed = page.getByRole("radiogroup", { name: "Speed" });
    this.clock = page.getByTestId("clock");
    this.story = page.getByRole("region", { name: "The run in one sentence" });
    this.fleet = page.getByRole("region", { name: "Fleet" });
    this.time = page.getByRole("region", { name: "Time" });
    this.summary = page.getByRole("region", { name: "Summary" });
    this.requests = page.getByRole("region", { name: "Requests" });
    this.undo = page.getByRole("button", { name: /^Undo/ });
    this.redo = page.getByRole("button", { name: /^Redo/ });
  }

  /** Opens the page; `hash` without the #. */
  async open(hash = ""): Promise<void> {
    await this.page.goto(hash === "" ? "./" : `./#${hash}`);
    await expect(this.story).toContainText(/requests/);
  }

  async setSpeed(label: string): Promise<void> {
    await this.speed.getByText(label, { exact: true }).click();
  }

  /** Simulated seconds on the clock. */
  async seconds(): Promise<number> {
    const text = (await this.clock.textContent()) ?? "";
    const parts = /(\d+(?::\d+)+)/.exec(text)?.[1]?.split(":").map(Number) ?? [];
    return parts.reduce((sum, part) => sum * 60 + part, 0);
  }

  /** Runs a command through the palette, as a person does who does not look for the button. */
  async command(words: string): Promise<void> {
    await this.page.keyboard.press("ControlOrMeta+k");
    const palette = this.page.getByRole("dialog", { name: /commands/i });
    await palette.getByRole("combobox").fill(words);
    await palette.getByRole("option").first().click();
  }

  async finish(): Promise<void> {
    await this.setSpeed("Max");
    await expect(this.run.or(this.page.getByRole("button", { name: /again/i }))).toBeVisible({ timeout: 45_000 });
  }

  /** Opens a section of the rail when it is closed, and gives it. */
  async section(name: string): Promise<Locator> {
    const head = this.page.getByRole("button", { name: new RegExp(`^${name}`) });
    if ((await head.getAttribute("aria-expanded")) === "false") await head.click();
    return this.page.getByRole("region", { name });
  }

  /** Gives files to the page as a drop anywhere does. */
  async drop(name: string, content: string | Uint8Array): Promise<void> {
    const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
    const transfer = await this.page.evaluateHandle(
      ([fileName, encoded]) => {
        const data = new DataTransfer();
        data.items.add(new File([Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0))], fileName, { type: "text/csv" }));
        return data;
      },
      [name, Buffer.from(bytes).toString("base64")] as const,
    );
    for (const type of ["dragenter", "dragover", "drop"]) await this.page.dispatchEvent("body", type, { dataTransfer: transfer });
  }

  /** The text of what an action downloads. */
  async downloadOf(act: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
    const waiting: Promise<Download> = this.page.waitForEvent("download");
    await act();
    const download = await waiting;
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  }
}
