// Rows of the table, arranged in slices beside the page's other work. Old rows stay until the new ones are there.
import { useEffect, useRef, useState } from "react";
import { arrange, type Arrangement, type RowContext } from "./select.ts";
import { inSlices } from "./sort.ts";

/** While requests stream in, the table is arranged anew at most this often. */
const AGAIN_MS = 500;

export interface Rows {
  readonly rows: Uint32Array;
  /** What they are the answer to. */
  readonly arrangement: Arrangement | null;
  /** Of so many requests; the log may have grown since. */
  readonly of: number;
}

const NO_ROWS: Rows = { rows: new Uint32Array(0), arrangement: null, of: 0 };

export function useRows(arrangement: Arrangement, context: RowContext, run: number): Rows {
  const [state, setState] = useState<Rows>(NO_ROWS);
  const last = useRef<{ key: unknown; context: RowContext | null; at: number }>({ key: null, context: null, at: -Infinity });
  const { length } = context.log;
  useEffect(() => {
    const abort = new AbortController();
    // A person's change shows at once; growth of the log can wait.
    const asked = last.current.key !== arrangement || last.current.context !== context;
    const wait = asked ? 0 : Math.max(0, last.current.at + AGAIN_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = { key: arrangement, context, at: performance.now() };
      const of = context.log.length;
      void inSlices(arrange(arrangement, context), abort.signal).then((rows) => {
        if (rows) setState({ rows, arrangement, of });
      });
    }, wait);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [arrangement, context, run, length]);
  return state;
}
