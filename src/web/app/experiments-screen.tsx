// The experiments screen: one of four questions. The sweep has what varies at the left, the front in the middle, hypervolume and settings at the right, the fleets over time below.
import { useScenarioStore } from "../state/scenario-store.ts";
import { fetched } from "../ui/fetched.tsx";
import { FrontPanel } from "../views/front/panel.tsx";
import { HypervolumePanel } from "../views/hypervolume/panel.tsx";
import { ManyPanel } from "../views/many/panel.tsx";
import { QuestionBar } from "../views/questions/bar.tsx";
import { useForms } from "../views/questions/use-forms.ts";
import { StepsPanel } from "../views/steps/panel.tsx";
import { SweepRail } from "../views/sweep/rail.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import "./experiments.css";

const CheapestQuestion = fetched(async () => (await import("./cheapest-question.tsx")).CheapestQuestion);
const GoodputPanel = fetched(async () => (await import("../views/goodput/panel.tsx")).GoodputPanel);
const ComparisonPanel = fetched(async () => (await import("../views/comparison/panel.tsx")).ComparisonPanel);

function Sweep() {
  return (
    <>
      <div className="experiment-grid">
        <SweepRail />
        <div className="experiment-middle">
          <FrontPanel />
          <ManyPanel />
        </div>
        <HypervolumePanel />
      </div>
      <StepsPanel />
    </>
  );
}

const ANSWERS = { sweep: Sweep, cheapest: CheapestQuestion, goodput: GoodputPanel, comparison: ComparisonPanel } as const;

export function ExperimentsScreen({ phone }: { readonly phone: boolean }) {
  const name = useScenarioStore((state) => state.scenario.name);
  const { tab } = useForms();
  const Answer = ANSWERS[tab];
  return (
    <ScreenFrame phone={phone} body="experiment-body" label={`Experiments on ${name}`}>
      <QuestionBar />
      <Answer />
    </ScreenFrame>
  );
}
