// The table behind a chart, in a native dialog. Rows are virtual: a run has hundreds of buckets and dozens of columns.
import { useEffect, useRef, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { download, fileName } from "./download.ts";
import { integer } from "../format.ts";
import { toCsv, type TableData } from "./table-data.ts";

const ROW = 21;
/** A fleet of hundreds has a column per replica: the view shows the first of them, the CSV has all. */
const MOST_COLUMNS = 48;

export function TableView({ table, onClose }: { readonly table: TableData; readonly onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const columns = table.columns.slice(0, MOST_COLUMNS);
  const heads = columns.map((column) => column.head ?? (column.unit ? `${column.label}, ${column.unit}` : column.label));
  // Columns share the room in proportion to their heads: one long head must not make all columns wide.
  const widths = heads.map((head, i) => Math.max(i === 0 ? 64 : 72, Math.ceil(head.length * 6.4) + 12));
  const template = widths.map((width) => `minmax(${width}px, ${width}fr)`).join(" ");
  const left = columns.map((column) => table.length > 0 && typeof column.raw(0) === "string");
  const cell = (i: number): string | undefined => (left[i] || i === 0 ? "left" : undefined);
  const rows = useVirtualizer({ count: table.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 8 });
  return (
    <dialog ref={dialog} className="table-view" aria-label={`${table.title}, table`} onClose={onClose}>
      <div className="section-head">
        <h2>{table.title}</h2>
        <span className="phrase">
          {integer(table.length)} rows
          {table.columns.length > MOST_COLUMNS &&
            `; the first ${MOST_COLUMNS} of ${integer(table.columns.length)} columns, all of them in the CSV`}
        </span>
        <div className="tools">
          <button type="button" className="tool" onClick={() => download(fileName(table.title, "csv"), toCsv(table), "text/csv")}>
            CSV
          </button>
          <button type="button" className="tool" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
      </div>
      <div ref={scroll} className="grid-scroll" tabIndex={0} role="region" aria-label="Rows">
        <div className="grid-table" role="table" aria-label={table.title} aria-rowcount={table.length + 1}>
          <div role="rowgroup" className="head">
            <div role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
              {heads.map((head, i) => (
                <div role="columnheader" key={i} className={cell(i)}>
                  {head}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" style={{ height: rows.getTotalSize(), position: "relative" }}>
            {rows.getVirtualItems().map((item) => (
              <div
                role="row"
                key={item.key}
                aria-rowindex={item.index + 2}
                style={{ gridTemplateColumns: template, position: "absolute", top: 0, transform: `translateY(${item.start}px)` }}
              >
                {columns.map((column, i) => (
                  <div role="cell" key={i} className={cell(i)}>
                    {column.show(item.index)}
                  </div>
                ))}
              </div>
            ))}
          </div>
        </div>
      </div>
    </dialog>
  );
}
