// Work that is done one piece per task, in the order in which it came: between two pieces the browser answers and paints.

const waiting: (() => void)[] = [];
let timer: ReturnType<typeof setTimeout> | null = null;

function next(): void {
  const work = waiting.shift();
  timer = waiting.length > 0 ? setTimeout(next) : null;
  work?.();
}

/** `work` is done in a task of its own, soon. Returns how to give the turn up. */
export function takeTurn(work: () => void): () => void {
  waiting.push(work);
  timer ??= setTimeout(next);
  return () => {
    const place = waiting.indexOf(work);
    if (place >= 0) waiting.splice(place, 1);
  };
}
