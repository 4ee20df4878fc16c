// The figures behind a latency model, one a line.
import type { LatencyTerm } from "../../../latency/types.ts";
import { significant, unitSign } from "../../ui/format.ts";

export function Figures({ terms }: { readonly terms: readonly LatencyTerm[] }) {
  if (terms.length === 0) return null;
  return (
    <table className="figures">
      <caption className="visually-hidden">Figures behind the latency model</caption>
      <tbody>
        {terms.map((term) => (
          <tr key={term.label} title={term.source}>
            <td>{term.label}</td>
            <td>
              {significant(term.value)} {unitSign(term.unit)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
