// Which question the experiments screen answers.
import { QUESTIONS, type Question } from "./forms.ts";
import { setTab, useForms } from "./use-forms.ts";
import "./questions.css";

const LABELS: Readonly<Record<Question, readonly [label: string, about: string]>> = {
  sweep: ["Sweep", "Many settings, and which of them no other beats"],
  cheapest: ["Cheapest fleet", "The least that a fleet may cost and still meet the SLOs on this traffic"],
  goodput: ["Goodput", "How many requests per second this fleet serves within the SLOs"],
  comparison: ["Comparison", "Whether a difference between scenarios is real"],
};

export function QuestionBar() {
  const { tab } = useForms();
  return (
    <nav className="question-bar" aria-label="Questions">
      {QUESTIONS.map((id) => (
        <button key={id} type="button" aria-current={id === tab ? "true" : undefined} onClick={() => setTab(id)}>
          {LABELS[id][0]}
        </button>
      ))}
      <span>{LABELS[tab][1]}</span>
    </nav>
  );
}
