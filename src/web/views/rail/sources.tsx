// Where the numbers come from: every fact of the GPUs and the model in use, with source, date and note.
import type { Fact, Gpu, Model } from "../../../catalog/types.ts";
import { bytes, fixed, integer, NBSP, significant } from "../../ui/format.ts";
import { PopoverButton } from "../../ui/popover.tsx";

type Row = readonly [label: string, fact: Fact<number | null>, show: (value: number) => string];

const perSecond = (unit: string, scale: number) => (value: number) => `${significant(value / scale)}${NBSP}${unit}`;

const gpuRows = (gpu: Gpu): readonly Row[] => [
  ["Memory", gpu.memoryBytes, bytes],
  ["Memory bandwidth", gpu.memoryBytesPerS, perSecond("TB/s", 1e12)],
  ["16-bit peak, dense", gpu.bf16FlopsPerS, perSecond("TFLOP/s", 1e12)],
  ["8-bit peak, dense", gpu.fp8FlopsPerS, perSecond("TFLOP/s", 1e12)],
  [`Link, ${gpu.linkName}`, gpu.linkBytesPerS, perSecond("GB/s", 1e9)],
  ["GPUs in one link domain", gpu.scaleUpDomain, (value) => integer(value)],
  ["Price per hour", gpu.pricePerHour, (value) => `$${fixed(value, 2)}`],
];

const modelRows = (model: Model): readonly Row[] => [
  ["Parameters", model.params, perSecond("B", 1e9)],
  ["Parameters per token", model.activeParams, perSecond("B", 1e9)],
  ["Weights, 16-bit", model.weightBytes, bytes],
  ["KV cache per token", model.kvBytesPerToken, bytes],
];

function Facts({ name, notes, rows }: { readonly name: string; readonly notes: string; readonly rows: readonly Row[] }) {
  return (
    <section>
      <h3>{name}</h3>
      <table className="facts">
        <tbody>
          {rows.map(([label, fact, show]) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{fact.value === null ? "unknown" : show(fact.value)}</td>
              <td>
                {fact.source}, {fact.date}
                {fact.note !== undefined && <em>{fact.note}</em>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {notes !== "" && <p className="quiet">{notes}</p>}
    </section>
  );
}

export function Sources({ gpus, model }: { readonly gpus: readonly Gpu[]; readonly model: Model | undefined }) {
  return (
    <PopoverButton className="text-button" kind="note" face="Where these numbers come from">
      {() => (
        <div className="pad sources">
          {model !== undefined && <Facts name={model.name} notes={model.notes} rows={modelRows(model)} />}
          {gpus.map((gpu) => (
            <Facts key={gpu.id} name={gpu.name} notes={gpu.notes} rows={gpuRows(gpu)} />
          ))}
        </div>
      )}
    </PopoverButton>
  );
}
