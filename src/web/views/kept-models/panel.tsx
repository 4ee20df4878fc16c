// Fitted models that are kept on this machine: run the fleet on one, rename, export, forget; import one from a file.
import { useEffect, useState } from "react";
import { pickFiles } from "../../commands/files.ts";
import { exportModel, importModel, renameModel, runOn } from "../../commands/model-actions.ts";
import { forget, loadKeptProfiles } from "../../commands/profile-actions.ts";
import { useProfileStore, type KeptProfile } from "../../state/profile-store.ts";
import { counted, fixed } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import "./kept-models.css";

function Model({ kept }: { readonly kept: KeptProfile }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { fitted } = kept.report;
  const rename = (): void => {
    if (draft !== null && draft.trim() !== kept.file) void renameModel(kept, draft);
    setDraft(null);
  };
  if (fitted === undefined) return null;
  return (
    <li>
      <input
        aria-label={`Name of ${kept.file}`}
        value={draft ?? kept.file}
        maxLength={200}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === "Enter") rename();
        }}
      />
      <span className="quiet" title={kept.hash}>
        {fitted.form}, {counted(fitted.terms, "term")}, {fixed(fitted.mapePct, 1)} % off
      </span>
      <span className="tools">
        <button type="button" className="text-button" onClick={() => runOn(kept)}>
          Use
        </button>
        <button type="button" className="text-button" aria-label={`Export ${kept.file}`} onClick={() => void exportModel(kept)}>
          JSON
        </button>
        <button type="button" className="remove" aria-label={`Forget ${kept.file}`} onClick={() => void forget(kept.hash)}>
          <Icon name="cross" size={10} />
        </button>
      </span>
    </li>
  );
}

export function KeptModelsPanel() {
  const kept = useProfileStore((state) => state.kept);
  useEffect(() => void loadKeptProfiles(), []);
  const models = kept.filter(({ report }) => report.fitted !== undefined);
  return (
    <section className="kept-models" aria-label="Kept models">
      <header>
        <h2>Kept models</h2>
        <button
          type="button"
          className="text-button"
          onClick={() => pickFiles(([file]) => file !== undefined && void importModel(file), ".json", false)}
        >
          Import JSON
        </button>
      </header>
      {models.length === 0 ? (
        <p className="quiet">None yet. Kept models stay on this machine and can be chosen as a pool’s latency.</p>
      ) : (
        <ul>
          {models.map((one) => (
            <Model key={one.hash} kept={one} />
          ))}
        </ul>
      )}
    </section>
  );
}
