import { expect, test } from "vitest";
import { createFitSession } from "./session.ts";
import type { FitEvent, FitHost, FitInput, FitRequest } from "./session-types.ts";
import { testTable } from "./testing-table.ts";

const request: FitRequest = { form: "auto", replicates: 200, seed: 1, device: "cpu" };
const session = (): FitHost => createFitSession(() => performance.now());

async function opened(host: FitHost, rows: number): Promise<FitInput> {
  const outcome = await host.read({ name: "batches.csv", text: testTable(rows) }, {});
  if (!outcome.ok) throw new Error(outcome.text);
  return outcome.input;
}

test("a fit is told in parts: every form, intervals that sharpen, the checked error; the model is that of the command line", async () => {
  const host = session();
  const { data } = await opened(host, 300);
  const events: FitEvent[] = [];
  const answer = await host.fit(request, (event) => void events.push(event));
  if (!answer.ok) throw new Error(answer.text);
  const forms = events.flatMap((event) => (event.kind === "form" ? event.fitted : []));
  expect(forms.map(({ form }) => form).sort()).toEqual(["linear", "past", "roofline", "selected", "tokens"]);
  for (const { predicted, heldOut, leverage } of forms)
    for (const column of [predicted, heldOut, leverage]) expect(column.length).toBe(data.rows);
  expect(events.flatMap((event) => (event.kind === "intervals" ? event.bootstrap.replicates : []))).toEqual([128, 200]);
  const [residuals, ...more] = events.flatMap((event) => (event.kind === "residuals" ? event.outOfBag : []));
  expect(more).toEqual([]);
  expect(residuals!.count.length).toBe(data.rows);
  expect(events.filter(({ kind }) => kind === "nested")).toHaveLength(1);
  expect(answer).toMatchObject({ cancelled: false, badge: { device: "cpu" } });
  const model = await host.model(answer.chosen!, "a note");
  expect(model!.text).toContain('"goodput-latency-model"');
  expect(JSON.parse(model!.text)).toMatchObject({ form: answer.chosen, note: "a note", bootstrap: { replicates: 200 } });
});

test("a cancel ends the fit soon and keeps what is finished", async () => {
  const host = session();
  await opened(host, 2000);
  const events: FitEvent[] = [];
  let asked = 0;
  const fit = host.fit({ ...request, form: "tokens", replicates: 2000 }, (event) => {
    events.push(event);
    if (event.kind !== "intervals" || asked > 0) return;
    asked = performance.now();
    void host.cancel();
  });
  expect(await fit).toMatchObject({ ok: true, cancelled: true, chosen: "tokens" });
  expect(performance.now() - asked).toBeLessThan(200);
  const model = await host.model("tokens", "");
  expect(JSON.parse(model!.text)).toMatchObject({ bootstrap: { replicates: 128 } });
});

test("another file ends the fit of the one before; what cannot be read is a sentence, and the file before stays", async () => {
  const host = session();
  await opened(host, 2000);
  const fit = host.fit(request, () => undefined);
  expect(await host.read({ name: "odd.txt", text: "nothing" }, {})).toMatchObject({ ok: false, code: "refused" });
  expect(await fit).toMatchObject({ ok: true, cancelled: true });
  expect(await host.fit({ ...request, form: "tokens", replicates: 0 }, () => undefined)).toMatchObject({ ok: true, cancelled: false });
});
