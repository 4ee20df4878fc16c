// One section of the rail: a heading that opens, with a one-line summary.
import type { ReactNode } from "react";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { Icon } from "../../ui/icons.tsx";
import { countChanges } from "../../state/changes.ts";

interface Props {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** Beginnings of the paths that this section edits: their changes against the pinned run are counted. */
  readonly edits: (path: string) => boolean;
  /** Sentences of what is wrong here. */
  readonly problems?: readonly string[];
  readonly children: ReactNode;
}

export function Section({ id, title, summary, edits, problems = [], children }: Props) {
  const open = useViewStore((state) => state.openSections.includes(id));
  const toggle = useViewStore((state) => state.toggleSection);
  const changes = useScenarioStore((state) => (state.baseline === null ? 0 : countChanges(state.baseline, state.scenario, edits)));
  return (
    <section className="section">
      <h2>
        <button type="button" aria-expanded={open} aria-controls={`section-${id}`} onClick={() => toggle(id)}>
          <Icon name={open ? "down" : "right"} size={12} />
          <b>{title}</b>
          <span className="summary">{changes > 0 ? `${changes} ${changes === 1 ? "change" : "changes"}` : summary}</span>
        </button>
      </h2>
      {(open || problems.length > 0) && (
        <div className="body" id={`section-${id}`}>
          {problems.map((problem) => (
            <p key={problem} className="problem" role="status">
              {problem}
            </p>
          ))}
          {open && children}
        </div>
      )}
    </section>
  );
}
