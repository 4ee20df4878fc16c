// Work that is done one piece per task, in the order in which it came: between two pieces the browser answers and paints.

interface Piece {
  readonly work: () => void;
  /** What comes after it waits until the browser has laid out and painted what it changed. */
  readonly ownFrame: boolean;
}

/** A page that nobody looks at has no frames. */
const LONGEST_FRAME_MS = 100;

const waiting: Piece[] = [];
/** A piece has its task, or the frame before it is not over. */
let coming = false;

/** `then` is called in a task after the next frame. */
export function afterFrame(then: () => void): void {
  let over = false;
  const once = (): void => {
    if (over) return;
    over = true;
    clearTimeout(fallback);
    then();
  };
  const fallback = setTimeout(once, LONGEST_FRAME_MS);
  requestAnimationFrame(() => setTimeout(once));
}

function next(): void {
  const piece = waiting.shift();
  const ownFrame = piece?.ownFrame === true;
  coming = ownFrame || waiting.length > 0;
  if (ownFrame)
    afterFrame(() => {
      coming = waiting.length > 0;
      if (coming) next();
    });
  else if (coming) setTimeout(next);
  piece?.work();
}

/** `work` is done in a task of its own, soon; `ownFrame`: and nothing else of the turns is in its frame. Returns how to give the turn up. */
export function takeTurn(work: () => void, { ownFrame = false }: { readonly ownFrame?: boolean } = {}): () => void {
  const piece = { work, ownFrame };
  waiting.push(piece);
  if (!coming) {
    coming = true;
    setTimeout(next);
  }
  return () => {
    const place = waiting.indexOf(piece);
    if (place >= 0) waiting.splice(place, 1);
  };
}

/** Resolves when what waits for its turn now has been done and painted. */
export const afterTurns = (): Promise<void> => new Promise((resolve) => takeTurn(() => afterFrame(resolve)));
