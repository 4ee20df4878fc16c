// One of a few, all visible. Radio inputs under the paint, so that arrow keys and readers work as everywhere.
import { useId } from "react";

/** Whether the words fit beside one another in a field of the rail: 136 px, 5.9 px a letter, 11 px around each. */
export const fitsBeside = (labels: readonly string[]): boolean =>
  labels.length > 1 && labels.length <= 4 && labels.join("").length * 5.9 + labels.length * 11 <= 142;

interface Props<Id extends string> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly value: Id | null;
  readonly onChange: (id: Id) => void;
}

export function Segmented<Id extends string>({ label, options, value, onChange }: Props<Id>) {
  const name = useId();
  return (
    <div className="segmented" role="radiogroup" aria-label={label}>
      {options.map((option) => (
        <label key={option.id} title={option.label}>
          <input type="radio" name={name} checked={option.id === value} onChange={() => onChange(option.id)} />
          {option.label}
        </label>
      ))}
    </div>
  );
}
