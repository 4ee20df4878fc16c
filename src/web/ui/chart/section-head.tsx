// Head of a section: heading, a phrase that says unit, range or moment, then tools: views first, exports last.
import { useState, type ReactNode } from "react";
import { download, fileName } from "./download.ts";
import { figurePng, figureSvg, type Figure } from "./figure.ts";
import type { Palette } from "./palette.ts";
import { TableDialog } from "./table-dialog.tsx";
import { toCsv, type TableData } from "./table-data.ts";
import "./chart.css";

export interface Exportable {
  readonly title: string;
  readonly palette: Palette;
  /** Made when asked for: a figure that nobody exports costs nothing. */
  figure?(): Figure | null;
  table?(): TableData | null;
}

/** SVG, PNG, CSV and table of one chart. */
export function ExportTools({ title, palette, figure, table, steady = false }: Exportable & { readonly steady?: boolean }): ReactNode {
  const [shown, setShown] = useState<TableData | null>(null);
  const [trouble, setTrouble] = useState("");
  const withFigure = (act: (figure: Figure) => void): void => {
    const made = figure?.();
    if (made) act(made);
  };
  const withTable = (act: (table: TableData) => void): void => {
    const made = table?.();
    if (made) act(made);
  };
  const tool = (label: string, hint: string, act: () => void): ReactNode => (
    <button type="button" className="tool" aria-label={`${title}: ${hint}`} onClick={act}>
      {label}
    </button>
  );
  return (
    <div className={steady ? "exports steady" : "exports"}>
      {figure &&
        tool("SVG", "export SVG", () =>
          withFigure((made) => download(fileName(title, "svg"), figureSvg(made, palette, title), "image/svg+xml")),
        )}
      {figure &&
        tool("PNG", "export PNG", () =>
          withFigure((made) => {
            figurePng(made, palette).then(
              (blob) => download(fileName(title, "png"), blob),
              (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
            );
          }),
        )}
      {table && tool("CSV", "export CSV", () => withTable((made) => download(fileName(made.title, "csv"), toCsv(made), "text/csv")))}
      {table && tool("Table", "show as a table", () => withTable(setShown))}
      {trouble && <span role="alert">{trouble}</span>}
      {shown && <TableDialog table={shown} onClose={() => setShown(null)} />}
    </div>
  );
}

interface Props {
  readonly title: string;
  readonly phrase?: ReactNode;
  readonly level?: 2 | 3;
  readonly children?: ReactNode;
  readonly exports?: Exportable;
}

export function SectionHead({ title, phrase, level = 2, children, exports }: Props): ReactNode {
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <div className="section-head">
      <Heading>{title}</Heading>
      {phrase !== undefined && <span className="phrase">{phrase}</span>}
      <div className="tools">
        {exports && <ExportTools {...exports} />}
        {children}
      </div>
    </div>
  );
}

/** A choice of views: the chosen word is ink, 600, underlined. */
export function Views<Id extends string>(props: {
  readonly label: string;
  readonly showLabel?: boolean;
  readonly options: readonly (readonly [id: Id, label: string])[];
  readonly value: Id;
  readonly onChange: (id: Id) => void;
}): ReactNode {
  return (
    <div className="views" role="group" aria-label={props.label}>
      {props.showLabel && <span className="tool-label">{props.label}</span>}
      {props.options.map(([id, label]) => (
        <button key={id} type="button" className="tool" aria-pressed={id === props.value} onClick={() => props.onChange(id)}>
          {label}
        </button>
      ))}
    </div>
  );
}
