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
    this.clock = page.getByRole("region", { name: "Run", exact: true }).locator(".clock");
    this.story = page.getByRole("region", { name: "The run in one sentence" });
    this.fleet = page.getByRole("region", { name: "Fleet", exact: true }).last();
    this.time = page.getByRole("region", { name: "Time", exact: true }).last();
    this.summary = page.getByRole("region", { name: "Summary", exact: true }).last();
    this.requests = page.getByRole("region", { name: "Requests", exact: true }).last();
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

  /** The clock goes forward. */
  async expectMoving(): Promise<void> {
    let before = Infinity;
    await expect
      .poll(async () => {
        const now = await this.seconds();
        const moved = now > before;
        before = now;
        return moved;
      })
      .toBe(true);
  }

  /** The link of the scenario, from the share dialog. */
  async link(): Promise<string> {
    await this.page.getByRole("button", { name: "Share" }).click();
    const box = this.page.getByRole("dialog").getByRole("textbox", { name: "Link" });
    await expect(box).toHaveValue(/#s=1\./);
    const url = await box.inputValue();
    await this.page.keyboard.press("Escape");
    return url;
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
    await expect(this.page.getByRole("button", { name: "Run again" })).toBeVisible({ timeout: 45_000 });
  }

  /** Opens a section of the rail when it is closed. */
  async section(name: string): Promise<void> {
    const head = this.page.getByRole("complementary", { name: "Setup" }).getByRole("button", { name: new RegExp(`^${name}`) });
    if ((await head.getAttribute("aria-expanded")) !== "true") await head.click();
  }

  /** A box of the rail to type in. */
  box(name: string): Locator {
    return this.page.getByRole("textbox", { name, exact: true }).first();
  }

  async setBox(name: string, value: string): Promise<void> {
    await this.box(name).fill(value);
    await this.box(name).press("Enter");
  }

  /** Gives files to the page as a drop anywhere does. */
  drop(name: string, content: string | Uint8Array): Promise<void> {
    return this.dropFiles({ [name]: content });
  }

  /** Several files at once, by name. */
  async dropFiles(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
    const encoded = Object.entries(files).map(([name, content]) => [name, Buffer.from(content).toString("base64")] as const);
    const transfer = await this.page.evaluateHandle((given) => {
      const data = new DataTransfer();
      for (const [name, base64] of given)
        data.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type: "text/csv" }));
      return data;
    }, encoded);
    for (const type of ["dragenter", "dragover", "drop"]) await this.page.dispatchEvent("body", type, { dataTransfer: transfer });
  }

  /** Name and text of each file that an action downloads. */
  async downloadsOf(count: number, act: () => Promise<void>): Promise<Readonly<Record<string, string>>> {
    const downloads: Download[] = [];
    const take = (download: Download): number => downloads.push(download);
    this.page.on("download", take);
    await act();
    await expect.poll(() => downloads.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);
    this.page.off("download", take);
    const files: Record<string, string> = {};
    for (const download of downloads) files[download.suggestedFilename()] = await readFile(await download.path(), "utf8");
    return files;
  }

  async downloadOf(act: () => Promise<void>): Promise<{ readonly name: string; readonly text: string }> {
    const [[name, text] = ["", ""]] = Object.entries(await this.downloadsOf(1, act));
    return { name, text };
  }

  /** The files of the run, by their own names (summary.json, requests.csv, replicas.csv, fleet.csv). */
  async runFiles(count = 4): Promise<Readonly<Record<string, string>>> {
    const files = await this.downloadsOf(count, () => this.command("Export this run"));
    // It closes a moment after the last file; until then it has the keyboard.
    await expect(this.page.getByRole("dialog")).toBeHidden();
    return Object.fromEntries(Object.entries(files).map(([name, text]) => [/(summary\.json|[a-z]+\.csv)$/.exec(name)?.[1] ?? name, text]));
  }
}
