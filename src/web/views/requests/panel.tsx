// Requests: a sortable, filterable, virtual table over columns. Arrow keys move the row, Enter opens it in the panel beside.
import { useCallback, useEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type ReactNode } from "react";
import { createColumnHelper, rowSortingFeature, tableFeatures, useTable, type SortingState } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRunStore } from "../../state/run-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { download } from "../../ui/chart/download.ts";
import { Views } from "../../ui/chart/section-head.tsx";
import { PHONE_WIDTH } from "../../ui/chart/use-size.ts";
import { clock, integer, NONE } from "../../ui/format.ts";
import { tenantNames } from "../moment.ts";
import { useRunData } from "../use-run-data.ts";
import { cellText, COLUMN_IDS, csvLines, phasesOf, rowNear, testsOf, type ColumnId, type RowContext } from "./select.ts";
import { inSlices } from "./sort.ts";
import { useRows } from "./use-rows.ts";
import "./requests.css";

/** Rows of a table are 21 px, on phones as tall as a finger. */
const rowHeight = (): number => (window.innerWidth < PHONE_WIDTH ? 44 : 21);
/** Browsers limit the height of an element; Firefox to about 17.8 million pixels. */
const MOST_PIXELS = 16_800_000;

interface Row {
  /** Row of the log. */
  readonly index: number;
}

interface TableMeta {
  readonly context: RowContext;
  /** Seconds that fill the bar. */
  readonly scale: number;
}

const HEADS: Readonly<Record<ColumnId, string>> = {
  id: "Request",
  tenant: "Tenant",
  arrived: "Arrived",
  prompt: "Prompt",
  output: "Output",
  replica: "Replica",
  ttft: "TTFT, s",
  tpot: "TPOT, ms",
  e2e: "E2E, s",
  phases: "Wait, prefill, decode",
  slo: "SLOs",
};
const LEFT: readonly ColumnId[] = ["id", "tenant", "replica", "phases", "slo"];

const features = tableFeatures({ rowSortingFeature });
const helper = createColumnHelper<typeof features, Row>();
// Cells are read from the log's columns: a row is no more than its index. Sorting is ours (manualSorting), on typed keys.
const columns = helper.columns(
  COLUMN_IDS.map((id) =>
    helper.accessor((row) => row.index, {
      id,
      header: HEADS[id],
      enableSorting: true,
      sortDescFirst: id === "ttft" || id === "tpot" || id === "e2e" || id === "phases",
      cell: (cell) => <Cell id={id} row={cell.row.original.index} meta={(cell.table.options.meta as { current: TableMeta }).current} />,
    }),
  ),
);

function Cell({ id, row, meta }: { id: ColumnId; row: number; meta: TableMeta }): ReactNode {
  if (id === "phases") {
    const [wait, prefill, decode] = phasesOf(meta.context.log, row);
    const px = (seconds: number): CSSProperties => ({ width: `${Math.min(100, (seconds / meta.scale) * 100)}%` });
    return (
      <span
        className="phase-bar"
        role="img"
        aria-label={`waiting ${wait.toFixed(2)} s, prefill ${prefill.toFixed(2)} s, decode ${decode.toFixed(2)} s`}
      >
        <i className="wait" style={px(wait)} />
        <i className="prefill" style={px(prefill)} />
        <i className="decode" style={px(decode)} />
      </span>
    );
  }
  const { text, late } = cellText(id, meta.context, row);
  return late ? <b className={id === "slo" ? "late slo" : "late"}>{text}</b> : text;
}

export function RequestsPanel(): ReactNode {
  const { picture, requests } = useRunData(500);
  const scenario = useRunStore((state) => state.current.scenario);
  const run = useRunStore((state) => state.current.id);
  const recorded = useRunStore((state) => state.current.phase === "recorded");
  const filter = useViewStore((state) => state.requestFilter);
  const range = useViewStore((state) => state.range);
  const cursor = useViewStore((state) => (state.cursorPinned ? state.cursor : null));
  const selected = useViewStore((state) => state.selectedRequest);
  const setFilter = useViewStore((state) => state.setRequestFilter);
  const [sorting, setSorting] = useState<SortingState>([{ id: "id", desc: false }]);
  const [typed, setTyped] = useState(filter.text);
  const [exporting, setExporting] = useState(false);
  const scroll = useRef<HTMLDivElement>(null);
  const [row] = useState(rowHeight);
  const [active, setActive] = useState(0);

  const replicaNames = picture?.fleet.replicas;
  const names = useRef(replicaNames);
  names.current = replicaNames;
  const replicaName = useCallback(
    (replica: number): string => names.current?.[replica]?.name ?? (replica < 0 ? NONE : `#${replica + 1}`),
    [],
  );
  const tenantKey = tenantNames(picture, scenario).join("\n");
  const context = useMemo(
    (): RowContext => ({
      log: requests,
      tenants: tenantKey === "" ? [] : tenantKey.split("\n"),
      replicaName,
      classes: scenario?.sloClasses ?? [],
    }),
    [requests, tenantKey, replicaName, scenario, run],
  );
  const sort = sorting[0];
  const arrangement = useMemo(
    () => ({ filter, range, sort: { column: (sort?.id ?? "id") as ColumnId, descending: sort?.desc ?? false } }),
    [filter, range, sort],
  );
  const { rows, arrangement: arranged, of } = useRows(arrangement, context, run);
  const trouble = useMemo(() => testsOf(arrangement, context).trouble, [arrangement, context]);
  const mostRows = Math.floor(MOST_PIXELS / row);
  const shownCount = Math.min(rows.length, mostRows);

  // Typing settles before it filters.
  useEffect(() => setTyped(filter.text), [filter.text]);
  useEffect(() => {
    if (typed === filter.text) return;
    const timer = setTimeout(() => setFilter({ text: typed }), 150);
    return () => clearTimeout(timer);
  }, [typed, filter.text, setFilter]);

  const virtual = useVirtualizer({
    count: shownCount,
    getScrollElement: () => scroll.current,
    estimateSize: () => row,
    overscan: 6,
    paddingStart: 22,
    scrollPaddingStart: 22,
  });
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = (items[items.length - 1]?.index ?? -1) + 1;
  const data = useMemo(
    () => Array.from({ length: Math.max(0, to - from) }, (_, i): Row => ({ index: rows[from + i] as number })),
    [rows, from, to],
  );
  const scale = Math.max(1e-6, (picture?.summary.e2e.p99 ?? 1) * 1.05);
  const meta = useRef<TableMeta>({ context, scale });
  meta.current = { context, scale };
  const table = useTable({
    features,
    columns,
    data,
    meta,
    state: { sorting },
    onSortingChange: setSorting,
    manualSorting: true,
    enableSortingRemoval: false,
    enableMultiSort: false,
    getRowId: (row) => String(row.index),
  });

  // Time order follows a pinned cursor; otherwise the open request stays in sight.
  const byTime = (sort?.id === "id" || sort?.id === "arrived") && !sort.desc;
  const follow = byTime ? cursor : null;
  const followed = useRef<readonly [number | null, unknown]>([null, null]);
  useEffect(() => {
    // Only a moved cursor or another order scrolls; a growing table must not run away under the reader.
    if (
      follow === null ||
      arranged !== arrangement ||
      rows.length === 0 ||
      (followed.current[0] === follow && followed.current[1] === arrangement)
    )
      return;
    followed.current = [follow, arrangement];
    const at = Math.min(shownCount - 1, rowNear(rows, requests, follow));
    setActive(at);
    virtual.scrollToIndex(at, { align: "center" });
  }, [follow, rows, arrangement]);
  const reveal = useRef<number | null>(null);
  useEffect(() => {
    if (selected === null || reveal.current === selected) return;
    for (let i = 0; i < shownCount; i++)
      if (requests.id[rows[i] as number] === selected) {
        reveal.current = selected;
        setActive(i);
        virtual.scrollToIndex(i, { align: "auto" });
        break;
      }
  }, [selected, rows]);

  const open = (position: number): void => {
    const row = rows[position];
    if (row === undefined) return;
    const id = requests.id[row] as number;
    reveal.current = id;
    useViewStore.getState().selectRequest(id);
  };
  const key = (event: KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? 300) / row) - 2);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: shownCount - 1,
    };
    if (event.key === "Enter") open(active);
    else if (event.key in moves) {
      const next = Math.max(0, Math.min(shownCount - 1, moves[event.key] as number));
      setActive(next);
      virtual.scrollToIndex(next, { align: "auto" });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const exportCsv = (): void => {
    const parts: string[] = [];
    setExporting(true);
    void inSlices(
      csvLines(rows, context, (pool) => picture?.fleet.pools[pool]?.name ?? "", parts),
      new AbortController().signal,
    ).then(() => {
      setExporting(false);
      download("requests.csv", new Blob(parts, { type: "text/csv;charset=utf-8" }));
    });
  };

  const late = picture?.summary.slo.late ?? 0;
  const phrase =
    requests.length === 0 || of === 0
      ? undefined
      : `${integer(rows.length)}${filter.lateOnly && filter.text === "" && !range ? " late" : ""} of ${integer(of)}${
          range ? `, arrived ${clock(range[0])} to ${clock(range[1])}` : follow !== null ? `, around ${clock(follow)}` : ""
        }${rows.length > mostRows ? `; the first ${integer(mostRows)} are shown` : ""}`;
  const empty =
    requests.length === 0
      ? recorded
        ? "This recorded run keeps no single requests. Press Run to see them."
        : "No request has ended yet."
      : of > 0 && rows.length === 0 && !trouble
        ? filter.lateOnly && late === 0
          ? "No request was late. Choose All to see the others."
          : "No request fits the filter."
        : "";
  const activeRow = rows[active];
  return (
    <section className="panel requests-panel" aria-label="Requests">
      <div className="section-head">
        <h2>Requests</h2>
        {phrase && <span className="phrase">{phrase}</span>}
        <div className="tools">
          <input
            type="search"
            className="request-filter"
            aria-label="Filter requests"
            placeholder="coder, c6, ttft > 4"
            title="Words: tenants, replicas, met, late, refused, failed, a request's number. Comparisons: ttft > 4, tpot >= 90, prompt < 500, arrived > 09:30"
            value={typed}
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
          <Views
            label="Which requests"
            options={[
              ["late", "Late only"],
              ["all", "All"],
            ]}
            value={filter.lateOnly ? "late" : "all"}
            onChange={(id) => setFilter({ lateOnly: id === "late" })}
          />
          <button
            type="button"
            className="tool"
            aria-label="Requests: export CSV"
            disabled={rows.length === 0 || exporting}
            onClick={exportCsv}
          >
            CSV
          </button>
        </div>
      </div>
      {trouble && (
        <p className="empty miss" role="alert">
          {trouble}
        </p>
      )}
      <div className="request-area">
        <div
          ref={scroll}
          className="request-scroll chart-focus"
          role="grid"
          tabIndex={0}
          aria-label="Requests"
          aria-rowcount={rows.length + 1}
          aria-colcount={COLUMN_IDS.length}
          aria-activedescendant={activeRow === undefined || active < from || active >= to ? undefined : `request-row-${activeRow}`}
          onKeyDown={key}
        >
          <div className="request-table" style={{ height: virtual.getTotalSize() }}>
            <div role="rowgroup" className="head">
              {table.getHeaderGroups().map((group) => (
                <div role="row" className="request-row" key={group.id} aria-rowindex={1}>
                  {group.headers.map((header) => {
                    const direction = header.column.getIsSorted();
                    return (
                      <div
                        role="columnheader"
                        key={header.id}
                        className={LEFT.includes(header.id as ColumnId) ? `left ${header.id}` : header.id}
                        aria-sort={direction === "asc" ? "ascending" : direction === "desc" ? "descending" : "none"}
                      >
                        <button type="button" tabIndex={-1} onClick={header.column.getToggleSortingHandler()}>
                          <table.FlexRender header={header} />
                          <svg
                            width="7"
                            height="7"
                            viewBox="0 0 8 8"
                            aria-hidden="true"
                            className={direction ? `sorted ${direction}` : "sorted"}
                          >
                            <path d="M1 6L4 2L7 6Z" fill="currentColor" />
                          </svg>
                        </button>
                      </div>
                    );
                  })}
                </div>
              ))}
            </div>
            <div role="rowgroup">
              {table.getRowModel().rows.map((row, i) => {
                const position = from + i;
                const item = items[i];
                const id = requests.id[row.original.index];
                if (!item) return null;
                return (
                  <div
                    role="row"
                    key={row.id}
                    id={`request-row-${row.original.index}`}
                    aria-rowindex={position + 2}
                    aria-selected={id === selected}
                    className={`request-row body${position === active ? " active" : ""}${id === selected ? " on" : ""}`}
                    style={{ transform: `translateY(${item.start}px)` }}
                    onClick={() => {
                      setActive(position);
                      open(position);
                    }}
                  >
                    {row.getAllCells().map((cell) => (
                      <div
                        role="gridcell"
                        key={cell.id}
                        className={LEFT.includes(cell.column.id as ColumnId) ? `left ${cell.column.id}` : cell.column.id}
                      >
                        <table.FlexRender cell={cell} />
                      </div>
                    ))}
                  </div>
                );
              })}
            </div>
          </div>
        </div>
        {empty && <p className="empty">{empty}</p>}
      </div>
    </section>
  );
}
