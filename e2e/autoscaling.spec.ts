import { expect, test } from "./fixtures.ts";

test("a pool with an autoscaler: its form, another level, and the reasons for every change in its file", async ({ workbench }) => {
  await workbench.open();
  await workbench.command("Open preset: Autoscaling lab: service levels");
  await workbench.section("Autoscaler");
  await workbench.setBox("Level", "3");
  await workbench.finish();
  const files = await workbench.downloadsOf(5, () => workbench.command("Export this run"));
  const scaling = Object.entries(files).find(([name]) => name.endsWith("scaling.csv"))?.[1] ?? "";
  const [header, first] = scaling.split("\n");
  expect(header).toBe("t,pool,ready,starting,draining,leaving,answered,ordered,because");
  // The first look after 5 s asks for more than the one replica there is, at the level that was set.
  expect(first).toMatch(/^5,lab,1,0,0,0,\d,\d,throughput of a busy replica: \d+.*; replicas kept busy: \d.*; of each planned with: 0\.78/);
});
