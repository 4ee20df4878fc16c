// Several of a few, as chips.
interface Props<Id extends string | number> {
  readonly label: string;
  readonly options: readonly { readonly id: Id; readonly label: string }[];
  readonly values: readonly Id[];
  /** The last one stays. */
  readonly atLeastOne?: boolean;
  readonly onChange: (values: readonly Id[]) => void;
}

export function ToggleChips<Id extends string | number>({ label, options, values, atLeastOne = false, onChange }: Props<Id>) {
  return (
    <div className="chips" role="group" aria-label={label}>
      {options.map(({ id, label: name }) => {
        const on = values.includes(id);
        return (
          <button
            key={id}
            type="button"
            className="chip"
            aria-pressed={on}
            disabled={atLeastOne && on && values.length === 1}
            onClick={() =>
              onChange(options.flatMap((option) => ((option.id === id ? !on : values.includes(option.id)) ? [option.id] : [])))
            }
          >
            {name}
          </button>
        );
      })}
    </div>
  );
}
