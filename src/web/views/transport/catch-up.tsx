// How far a run is on its way to the playhead: a bar under the transport. What was drawn before stays until there is something new.
import { useRunStore } from "../../state/run-store.ts";

export function CatchUp() {
  const share = useRunStore((state) => (state.current.catchUp === null ? null : Math.round(state.current.catchUp * 200) / 2));
  if (share === null) return null;
  return (
    <div className="bar catch-up" role="progressbar" aria-label="Running up to the playhead" aria-valuenow={Math.round(share)}>
      <i style={{ width: `${share}%` }} />
    </div>
  );
}
