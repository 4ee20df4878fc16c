// The simulation worker: a session behind messages. Columns are moved to the page, not copied.
import { expose, transfer } from "comlink";
import { createSession } from "../src/scenario/session.ts";
import type { RunListener, SimulationHost } from "../src/web/rpc/protocol.ts";

/** The buffers of all typed arrays inside a message. */
function buffersOf(value: unknown, found = new Set<ArrayBuffer>()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) buffersOf(item, found);
  return [...found];
}

const session = createSession();

const host: SimulationHost = {
  ...session,
  start: (scenario, trace, options, page) => {
    // The answers of a proxy are promises: the session waits for them before it sends more.
    const listener: RunListener = {
      onPicture: (picture) => page.onPicture(transfer(picture, buffersOf(picture))),
      onFleet: (news) => page.onFleet(news),
      onRequests: (chunk) => page.onRequests(transfer(chunk, buffersOf(chunk))),
      onCatchUp: (share) => page.onCatchUp(share),
      onError: (text) => page.onError(text),
    };
    return session.start(scenario, trace, options, listener);
  },
  setAside: async () => {
    const picture = await session.setAside();
    return picture === null ? null : transfer(picture, buffersOf(picture));
  },
};

expose(host);
