// Which parameter moves which quantity: a bar and a number for each pair.
import { percent } from "../../ui/format.ts";
import type { Sensitivity } from "./select.ts";

export function SensitivityGrid({ model }: { readonly model: Sensitivity }) {
  const { axes, metrics, shares } = model;
  if (metrics.length === 0) return <p className="empty">No quantity differs between the settings so far.</p>;
  return (
    <div className="sensitivity-scroll" tabIndex={0} role="region" aria-label="Sensitivity, table">
      <table className="sensitivity">
        <thead>
          <tr>
            <th scope="col">Quantity</th>
            {axes.map(({ path, name }) => (
              <th key={path} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {metrics.map(({ id, label }, m) => (
            <tr key={id}>
              <th scope="row">{label}</th>
              {axes.map(({ path }, a) => {
                const share = shares[a]?.[m] ?? null;
                return (
                  <td key={path}>
                    <span className="bar" aria-hidden="true">
                      <i style={{ width: `${100 * (share ?? 0)}%` }} />
                    </span>
                    {percent(share, 0)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
