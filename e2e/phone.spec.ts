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
