// What several panels compute from the same news, each in a task of its own (`ui/turns.ts`).
import { useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { takeTurn } from "../ui/turns.ts";

/** What `compute` gives, when its turn has come; until then what it gave before. `compute` changes when its inputs do. */
export function useInTurn<T>(compute: () => T): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(
    () =>
      takeTurn(() => {
        const next = compute();
        // Without it React would draw the panels of several turns together.
        flushSync(() => setValue(next));
      }),
    [compute],
  );
  return value;
}
