// The link of this scenario, ready to copy.
import { useEffect, useRef, useState } from "react";
import { shareLink } from "../commands/scenario-actions.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { integer } from "../ui/format.ts";

export function ShareDialog({ onClose }: { readonly onClose: () => void }) {
  const [whole, setWhole] = useState<string | null>(null);
  const [embed, setEmbed] = useState(false);
  const link = whole === null ? null : embed ? `${whole}&embed=1` : whole;
  const [copied, setCopied] = useState<boolean | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const source = useScenarioStore((state) => state.scenario.traffic.source);
  useEffect(() => {
    void shareLink().then(setWhole);
  }, []);
  useEffect(() => {
    if (link !== null) field.current?.select();
  }, [link]);
  const copy = async (): Promise<void> => {
    if (link === null) return;
    try {
      await navigator.clipboard.writeText(link);
      setCopied(true);
    } catch {
      field.current?.select();
      setCopied(false);
    }
  };
  return (
    <Dialog title="Share this scenario" width={520} onClose={onClose}>
      <p>The link holds the whole scenario and the view. Whoever opens it gets the same run, to the last byte.</p>
      <div className="box text" style={{ height: 32, margin: "12px 0 6px" }}>
        <input ref={field} readOnly aria-label="Link" value={link ?? ""} onFocus={(event) => event.target.select()} />
      </div>
      <p className="quiet" role="status">
        {link === null
          ? "Packing the link."
          : copied === true
            ? "Copied."
            : copied === false
              ? "The browser did not allow copying. The link is selected: copy it by hand."
              : `${integer(link.length)} characters.`}
      </p>
      <label className="toggle">
        <input type="checkbox" role="switch" checked={embed} onChange={(event) => setEmbed(event.target.checked)} />
        for a frame in a slide or a course page: without the top bar
      </label>
      {source.kind === "trace" && (
        <p className="quiet">
          The trace {source.file} is not in the link: it is named by its hash, and whoever opens the link is asked for the file.
        </p>
      )}
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
        <button type="button" className="button ink" disabled={link === null} onClick={() => void copy()}>
          Copy the link
        </button>
      </footer>
    </Dialog>
  );
}
