// All sets of measured runs by class, the errors of each beside its targets, and what others publish.
import { PUBLISHED, QUANTITIES, type ValidationFigures, type ValidationSet } from "../../../analysis/validation.ts";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { counted, fixed, withUnit } from "../../ui/format.ts";
import { CLASSES, errorCell, setsTable, targetText } from "./select.ts";

const HEADS: Readonly<Record<(typeof QUANTITIES)[number], string>> = {
  E2E: "E2E",
  TTFT: "TTFT",
  TPOT: "TPOT",
  throughput: "tok/s",
  "E2E P90": "P90 E2E",
  "E2E P99": "P99 E2E",
  "TTFT P90": "P90 TTFT",
  "TTFT P99": "P99 TTFT",
};

interface Props {
  readonly figures: ValidationFigures;
  readonly chosen: ValidationSet;
  readonly onChoose: (set: ValidationSet) => void;
}

export function SetsPanel({ figures, chosen, onChoose }: Props) {
  const palette = usePalette();
  const title = "Errors against measured runs";
  const runs = figures.sets.reduce((sum, set) => sum + set.runs, 0);
  return (
    <section className="panel sets-panel" aria-label={title}>
      <SectionHead
        title={title}
        phrase={`median over the runs of a set, of the size of the error; ${counted(figures.sets.length, "set")}, ${counted(runs, "run")}`}
        exports={{ title, palette, table: () => setsTable(figures) }}
      />
      <div className="sets-scroll" role="region" aria-label="Table of sets" tabIndex={0}>
        <table className="number-table sets">
          <thead>
            <tr>
              <th scope="col">Runs of</th>
              <th scope="col">runs</th>
              {QUANTITIES.map((of) => (
                <th key={of} scope="col">
                  {HEADS[of]}
                </th>
              ))}
              <th scope="col" title="E2E / TTFT / TPOT, percent">
                target, %
              </th>
            </tr>
          </thead>
          {CLASSES.map(([kind, name, about]) => (
            <tbody key={kind}>
              <tr className="class-row">
                <th scope="rowgroup" colSpan={QUANTITIES.length + 3}>
                  <span className="in-sight">
                    {name} <span className="quiet">{about}</span>
                  </span>
                </th>
              </tr>
              {figures.sets
                .filter((set) => set.kind === kind)
                .map((set) => (
                  <tr key={set.id} className={set === chosen ? "on" : undefined}>
                    <th scope="row">
                      <button type="button" className="link" aria-pressed={set === chosen} title={set.id} onClick={() => onChoose(set)}>
                        {set.about}
                      </button>{" "}
                      <span className="quiet">{set.dataset}</span>
                    </th>
                    <td>{set.runs}</td>
                    {QUANTITIES.map((of) => {
                      const { text, hint, missed } = errorCell(set, of);
                      return (
                        <td key={of} title={hint} className={missed ? "late" : undefined}>
                          {text}
                          {missed && <small> missed</small>}
                        </td>
                      );
                    })}
                    <td title="E2E / TTFT / TPOT">{targetText(set)}</td>
                  </tr>
                ))}
            </tbody>
          ))}
          <tbody>
            <tr className="class-row">
              <th scope="rowgroup" colSpan={QUANTITIES.length + 3}>
                <span className="in-sight">
                  Published by others <span className="quiet">on runs of their own choice</span>
                </span>
              </th>
            </tr>
            {PUBLISHED.map(({ name, about, errors, source }) => (
              <tr key={name}>
                <th scope="row" title={source}>
                  {name} <span className="quiet">{about}</span>
                </th>
                <td />
                {QUANTITIES.map((of) => (
                  <td key={of}>{of in errors ? withUnit(fixed((errors as Record<string, number>)[of], 1), "%") : ""}</td>
                ))}
                <td />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <details className="left-out">
        <summary>
          {counted(
            figures.leftOut.reduce((sum, { runs: count }) => sum + count, 0),
            "run",
          )}{" "}
          of the data are not simulated, and sources
        </summary>
        <ul>
          {figures.leftOut.map(({ dataset, runs: count, why }) => (
            <li key={`${dataset} ${why}`}>
              {dataset}: {counted(count, "run")}: {why}
            </li>
          ))}
          {Object.entries(figures.sources).map(([dataset, source]) => (
            <li key={dataset}>
              {dataset}: {source}
            </li>
          ))}
          {PUBLISHED.map(({ name, source }) => (
            <li key={name}>
              {name}: {source}
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
