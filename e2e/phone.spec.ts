import { expect, expectAccessible, picture, test } from "./fixtures.ts";

test("the tabs of the phone layout", async ({ page, workbench }) => {
  await workbench.open();
  for (const name of ["Setup", "Live", "Results", "Requests", "More"]) {
    const tab = page.getByRole("tab", { name }).or(page.getByRole("navigation").getByRole("button", { name })).first();
    const box = await tab.boundingBox();
    expect(box?.height ?? 0, `${name} is a target of at least 44 px`).toBeGreaterThanOrEqual(44);
    await tab.click();
    await picture(page, `phone-${name.toLowerCase()}`);
    await expectAccessible(page);
  }
});

test("from screen to screen, and back", async ({ page, workbench }) => {
  await workbench.open();
  await page.goto("./#gallery");
  const screens = page.getByRole("navigation", { name: "Screens" });
  for (const [name, heading] of [
    ["Validation", "Errors against measured runs"],
    ["Latency models", "Measured against predicted"],
    ["Experiments", "Nothing has run yet."],
    ["Gallery", "Three service levels, one front"],
  ] as const) {
    await screens.getByRole("link", { name }).click();
    await expect(page.getByText(heading).first()).toBeVisible();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `${name} is not wider than the window`).toBeLessThanOrEqual(0);
    await picture(page, `phone-${name.toLowerCase().replace(" ", "-")}`);
    await expectAccessible(page);
  }
  await screens.getByRole("link", { name: "Workbench" }).click();
  await expect(workbench.story).toContainText(/requests/);
  await page.goBack();
  await expect(page.getByText("Three service levels, one front").first()).toBeVisible();
});
