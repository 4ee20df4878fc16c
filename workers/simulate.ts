// The simulation worker: a session behind messages. Columns are moved to the page, not copied.
import { expose, transfer } from "comlink";
import { createSession } from "../src/scenario/session.ts";
import { inOneBuffer } from "../src/web/rpc/one-buffer.ts";
import type { RunListener, SimulationHost } from "../src/web/rpc/protocol.ts";

/** Marks a message to be moved to the page, not copied. */
function moved<Message extends object>(value: Message): Message {
  const { message, buffer } = inOneBuffer(value);
  return transfer(message, [buffer]);
}

const session = createSession();

const host: SimulationHost = {
  ...session,
  start: (scenario, trace, options, page) => {
    // The answers of a proxy are promises: the session holds back what would come on top of what they answer.
    const listener: RunListener = {
      onPicture: (picture) => page.onPicture(moved(picture)),
      onFleet: (news) => page.onFleet(news),
      // Made for this message, and in one buffer already (src/engine/metrics/request-log.ts).
      onRequests: (chunk) => page.onRequests(transfer(chunk, [chunk.id.buffer as ArrayBuffer])),
      onCatchUp: (share) => page.onCatchUp(share),
      onError: (text) => page.onError(text),
    };
    return session.start(scenario, trace, options, listener);
  },
  setAside: async () => {
    const picture = await session.setAside();
    return picture === null ? null : moved(picture);
  },
};

expose(host);
