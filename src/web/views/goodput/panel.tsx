// Goodput: the highest rate within the SLOs, the curve behind it, and the tightest SLOs at the present rate.
import { useMemo, useRef, useState } from "react";
import { choice, integer } from "../../../engine/params.ts";
import type { GoodputProgress, GoodputResult, GoodputSearch, SloScaleResult } from "../../../analysis/types.ts";
import { seedsFrom } from "../../../analysis/plan.ts";
import { questionControl } from "../../rpc/question-control.ts";
import { questionStore } from "../../state/question.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { MarkChart } from "../../ui/chart/mark-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead, Views } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { ChoiceField, NumberField } from "../../ui/fields.tsx";
import { counted, percent } from "../../ui/format.ts";
import { Ask } from "../questions/ask.tsx";
import { GOODPUT_WINDOW } from "../questions/window.ts";
import { setForm, useForms } from "../questions/use-forms.ts";
import { curveFigure, curveScales } from "./draw.ts";
import { curveTable, reqPerS, selectRates, selectScales, type CurveModel } from "./select.ts";

const useGoodput = questionStore<GoodputSearch, GoodputProgress, GoodputResult>();
const useScale = questionStore<GoodputSearch, SloScaleResult["curve"], SloScaleResult>();
const goodput = questionControl(useGoodput, async () => {
  const { findGoodput } = await import("../../../analysis/goodput-search.ts");
  return (search, run, asked) => findGoodput(run, search, asked);
});
const scale = questionControl(useScale, async () => {
  const { findSloScale } = await import("../../../analysis/goodput-search.ts");
  return (search, run, asked) => findSloScale(run, search, asked);
});

/** Two rates this close are one. */
const TOLERANCE = 0.005;

const SHARES = { "0.9": "90 %", "0.95": "95 %", "0.99": "99 %" } as const;
const shareParam = choice("0.9", SHARES, "Share of the requests that must meet every SLO of their class.", "Share");
const sureParam = choice(
  "0.95",
  { "0.9": "90 %", "0.95": "95 %", "0.99": "99 %" },
  "How sure the stated interval is: in this share of repetitions it holds the true limit.",
  "Confidence",
);
const seedsParam = integer(5, "Replications of every rate. All rates run with the same draws, only closer together.", {
  label: "Seeds",
  min: 2,
  max: 30,
});

type Asking = "rate" | "scale";

function Curve({ model }: { readonly model: CurveModel }) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const figure = useMemo(() => (width === 0 ? null : curveFigure(model, width)), [model, width]);
  const scales = curveScales(model, width);
  return (
    <section className="panel" aria-label="Attainment">
      <SectionHead
        title="Attainment"
        phrase={`share of requests that meet every SLO; bars are intervals over seeds${model.answer === null ? "" : ", the shaded stretch holds the answer"}`}
        exports={{ title: "Attainment", palette, figure: () => curveFigure(model, Math.max(640, width)), table: () => curveTable(model) }}
      />
      <div ref={box}>
        {figure !== null && (
          <MarkChart
            label={`Requests that meet every SLO against ${model.across}`}
            text={model.text}
            palette={palette}
            figure={figure}
            count={model.points.length}
            at={(px) => {
              let best: number | null = null;
              let least = 30;
              model.points.forEach((point, i) => {
                const distance = Math.abs(scales.x(point.x) - px);
                if (distance < least) [best, least] = [i, distance];
              });
              return best;
            }}
            place={(i) => ({ x: scales.x(model.points[i]!.x), y: scales.y(model.points[i]!.attainment) })}
            highlight={(i) => (
              <circle
                cx={scales.x(model.points[i]!.x)}
                cy={scales.y(model.points[i]!.attainment)}
                r={7}
                fill="none"
                stroke={palette.color("ink")}
                strokeWidth={1.5}
              />
            )}
            tip={(i) => {
              const { x, attainment, low, high } = model.points[i]!;
              return {
                name: model.show(x),
                state: attainment >= model.share ? "met" : "missed",
                rows: [
                  ["Requests that meet every SLO", percent(attainment, 2)],
                  ["Interval", `${percent(low, 2)} to ${percent(Math.min(1, high), 2)}`],
                ],
              };
            }}
          />
        )}
      </div>
    </section>
  );
}

function useModel(asking: Asking): CurveModel | null {
  const rate = useGoodput();
  const tight = useScale();
  return useMemo(() => {
    if (asking === "rate") {
      const curve = rate.result?.curve ?? rate.progress?.curve ?? [];
      return curve.length === 0 || rate.asked === null ? null : selectRates(curve, rate.asked.share, rate.result);
    }
    const curve = tight.result?.curve ?? tight.progress ?? [];
    return curve.length === 0 || tight.asked === null ? null : selectScales(curve, tight.asked.share, tight.result);
  }, [asking, rate, tight]);
}

function Answer({ asking }: { readonly asking: Asking }) {
  const rate = useGoodput((state) => state.result);
  const tight = useScale((state) => state.result);
  const bracket = useGoodput((state) => (state.phase === "running" ? (state.progress?.bracket ?? null) : null));
  if (asking === "scale")
    return (
      <p className="answer">
        {tight?.statement ?? "How far all limits could be tightened, or must be widened, at the rate that the traffic has."}
      </p>
    );
  if (rate === null)
    return (
      <p className="answer">
        {bracket === null
          ? "The highest rate at which the share of requests meets every SLO: rates are tried by bisection, each with the same draws."
          : `Between ${reqPerS(bracket[0])} and ${reqPerS(bracket[1])} so far.`}
      </p>
    );
  return (
    <>
      <p className="answer">{rate.statement}</p>
      {!rate.monotone && (
        <ul className="notes">
          <li>A higher rate met the SLOs better than a lower one beyond chance: there may be several limits, and this is one of them.</li>
        </ul>
      )}
    </>
  );
}

export function GoodputPanel() {
  const { goodput: form } = useForms();
  const scenario = useScenarioStore((state) => state.scenario);
  const [asking, setAsking] = useState<Asking>("rate");
  const rate = useGoodput();
  const tight = useScale();
  const model = useModel(asking);
  const limits = scenario.sloClasses.some(({ ttft, tpot, e2e }) => ttft !== null || tpot !== null || e2e !== null);
  const search = (): GoodputSearch => ({
    scenario,
    share: form.share,
    confidence: form.confidence,
    seeds: seedsFrom(scenario, form.seeds),
    tolerance: TOLERANCE,
    window: GOODPUT_WINDOW,
  });
  const state = asking === "rate" ? rate : tight;
  const looks = asking === "rate" ? (rate.result?.curve ?? rate.progress?.curve ?? []) : (tight.result?.curve ?? tight.progress ?? []);
  return (
    <div className="question-grid">
      <aside className="question-rail" aria-label="Goodput">
        <section className="axis" aria-label="What is asked">
          <header>
            <h2>Goodput</h2>
            <span title={scenario.name}>of “{scenario.name}”</span>
          </header>
          <ChoiceField
            label="Share"
            param={shareParam}
            value={String(form.share)}
            onChange={(share) => setForm("goodput", { share: Number(share) })}
            onEnd={() => undefined}
          />
          <ChoiceField
            label="Confidence"
            param={sureParam}
            value={String(form.confidence)}
            onChange={(confidence) => setForm("goodput", { confidence: Number(confidence) })}
            onEnd={() => undefined}
          />
          <NumberField
            label="Seeds"
            param={seedsParam}
            value={form.seeds}
            onChange={(seeds) => setForm("goodput", { seeds: seeds ?? 5 })}
            onEnd={() => undefined}
          />
          <p className="hint">The first 10 % of the requests do not count: the fleet begins empty.</p>
        </section>
        <Ask
          state={state}
          verb={asking === "rate" ? "Find the goodput" : "Find the tightest SLOs"}
          progress={`${counted(looks.length, asking === "rate" ? "rate" : "scale")} tried, ${counted(looks.length * (state.asked?.seeds.length ?? 0), "run")}`}
          complaint={limits ? null : "No SLO class has a limit. Give one under SLOs in the Workbench, then ask."}
          onAsk={() => void (asking === "rate" ? goodput : scale).start(search(), scenario)}
          onStop={asking === "rate" ? goodput.stop : scale.stop}
        />
      </aside>
      <div className="question-main">
        <section className="panel" aria-label="Goodput, answer">
          <SectionHead
            title={asking === "rate" ? "Highest rate" : "Tightest SLOs"}
            phrase={`at which ${percent(form.share, 0)} of the requests meet every SLO`}
          >
            <Views
              label="Question"
              options={[
                ["rate", "Highest rate"],
                ["scale", "Tightest SLOs"],
              ]}
              value={asking}
              onChange={setAsking}
            />
          </SectionHead>
          <Answer asking={asking} />
        </section>
        {model !== null && <Curve model={model} />}
      </div>
    </div>
  );
}
