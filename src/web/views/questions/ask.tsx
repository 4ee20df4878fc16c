// Ask and stop, how far it is, and what went wrong.
import type { QuestionState } from "../../state/question.ts";
import { Icon } from "../../ui/icons.tsx";

interface Props {
  readonly state: Pick<QuestionState<unknown, unknown, unknown>, "phase" | "error" | "result">;
  /** "Find the cheapest fleet". */
  readonly verb: string;
  /** How far it is: "34 runs, 3 of 12 kinds settled". */
  readonly progress: string;
  /** 0..1, where that is known. */
  readonly share?: number | null;
  /** What is wrong with the form: nothing can be asked then. */
  readonly complaint?: string | null;
  readonly onAsk: () => void;
  readonly onStop: () => void;
}

export function Ask({ state: { phase, error, result }, verb, progress, share = null, complaint = null, onAsk, onStop }: Props) {
  const running = phase === "running";
  return (
    <section className="ask" aria-label="Answer">
      <p className="visually-hidden" role="status">
        {running ? "The search runs." : phase === "done" ? "The answer is there." : phase === "stopped" ? "The search has stopped." : ""}
      </p>
      {phase !== "idle" && (
        <div className="line">
          <b>{progress}</b>
          <span>{running ? "" : phase === "done" ? "done" : "stopped, what is known stays"}</span>
        </div>
      )}
      {running && (
        <div className={`meter${share === null ? " open" : ""}`} aria-hidden="true">
          <i style={{ width: `${100 * (share ?? 0)}%` }} />
        </div>
      )}
      {(complaint ?? error) !== null && (
        <p className="hint bad" role="alert">
          {complaint ?? error}
        </p>
      )}
      {running ? (
        <button type="button" className="button" onClick={onStop}>
          Stop
        </button>
      ) : (
        <button type="button" className="button ink" disabled={complaint !== null} onClick={onAsk}>
          <Icon name="play" />
          {result === null ? verb : "Ask again"}
        </button>
      )}
    </section>
  );
}
