// Work of several panels on the same news, each in a task of its own, so that the page answers in between.
import { useEffect, useState } from "react";

let last: Promise<unknown> = Promise.resolve();

/** What `compute` gives, when its turn has come; until then what it gave before. `compute` changes when its inputs do. */
export function useInTurn<T>(compute: () => T): T | null {
  const [value, setValue] = useState<T | null>(null);
  useEffect(() => {
    let wanted = true;
    last = last
      .then(() => new Promise((next) => setTimeout(next)))
      .then(() => {
        if (wanted) setValue(compute());
      })
      .catch((error: unknown) =>
        setValue(() => {
          throw error;
        }),
      );
    return () => {
      wanted = false;
    };
  }, [compute]);
  return value;
}
