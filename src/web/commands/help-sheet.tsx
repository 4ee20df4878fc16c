// Keys and words of the page.
import { Dialog } from "../ui/dialog.tsx";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";
import { hotkeyText } from "./hotkeys.ts";
import "./commands.css";

const GROUPS: readonly Command["group"][] = ["Run", "View", "Scenario", "Trace", "Help"];

const POINTER: readonly (readonly [string, string])[] = [
  ["Move over a track", "look at that moment in every panel"],
  ["Click in a track", "stay at that moment"],
  ["Drag in a track, or Shift and drag in the strip", "choose a range for summary and requests"],
  ["Ctrl and wheel in a track", "zoom the time axis"],
  ["A triangle under the replicas, or Page Down in that track", "why the autoscaler scaled"],
  ["Drop a file anywhere", "run your own trace, or open a scenario"],
];

const WORDS: readonly (readonly [string, string])[] = [
  ["TTFT", "time to first token: first token less arrival"],
  ["TPOT", "time per output token after the first"],
  ["E2E", "last token less arrival"],
  ["late", "misses an SLO of its class; refused and failed requests are late too"],
  ["waiting", "in a queue: at the router or on a replica, not in a batch"],
  ["prefill, decode", "computing the prompt; producing output tokens"],
  ["KV blocks", "memory for the context of running requests; when it is full, requests wait or are preempted"],
  ["goodput", "requests per second that meet every SLO"],
  ["pinned", "the run that others are compared with, drawn in grey dashes"],
];

export function HelpSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys and words" width={760} onClose={onClose}>
      <div className="help-sheet">
        <div>
          {GROUPS.map((group) => (
            <section key={group}>
              <h3>{group}</h3>
              <dl>
                {commands
                  .filter((command) => command.group === group && command.hotkey !== undefined)
                  .map((command) => (
                    <div key={command.id}>
                      <dt>
                        <kbd>{hotkeyText(command.hotkey ?? "")}</kbd>
                      </dt>
                      <dd>{command.label}</dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
        </div>
        <div>
          <section>
            <h3>Pointer</h3>
            <dl className="stacked">
              {POINTER.map(([what, effect]) => (
                <div key={what}>
                  <dt>{what}</dt>
                  <dd>{effect}</dd>
                </div>
              ))}
            </dl>
          </section>
          <section>
            <h3>Words</h3>
            <dl className="stacked">
              {WORDS.map(([word, meaning]) => (
                <div key={word}>
                  <dt>{word}</dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        </div>
      </div>
      <p className="quiet">Everything runs on this machine; no file and no scenario leaves it.</p>
    </Dialog>
  );
}
