// The table behind a chart, in a native dialog. Rows are virtual: a run has hundreds of buckets and dozens of columns.
import { useEffect, useRef, type ReactNode } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { download, fileName } from "./download.ts";
import { toCsv, type TableData } from "./table-data.ts";

const ROW = 21;

export function TableView({ table, onClose }: { readonly table: TableData; readonly onClose: () => void }): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const scroll = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal();
  }, []);
  const rows = useVirtualizer({ count: table.length, getScrollElement: () => scroll.current, estimateSize: () => ROW, overscan: 8 });
  return (
    <dialog ref={dialog} className="table-view" aria-label={`${table.title}, table`} onClose={onClose}>
      <div className="section-head">
        <h2>{table.title}</h2>
        <span className="phrase">{table.length.toLocaleString("en-US")} rows</span>
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
            <div role="row" aria-rowindex={1}>
              {table.columns.map((column, i) => (
                <div role="columnheader" key={i}>
                  {column.label}
                  {column.unit ? `, ${column.unit}` : ""}
                </div>
              ))}
            </div>
          </div>
          <div role="rowgroup" style={{ height: rows.getTotalSize(), position: "relative" }}>
            {rows.getVirtualItems().map((item) => (
              <div role="row" key={item.key} aria-rowindex={item.index + 2} style={{ position: "absolute", top: 0, transform: `translateY(${item.start}px)` }}>
                {table.columns.map((column, i) => (
                  <div role="cell" key={i}>
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
