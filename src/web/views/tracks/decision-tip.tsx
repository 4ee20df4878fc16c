// Why did it scale: the tooltip at a decision, its way to the moment when the order was carried out, and the same in words for screen readers.
import type { ReactNode } from "react";
import type { Scenario } from "../../../scenario/types.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { Tooltip } from "../../ui/chart/tooltip.tsx";
import type { PlacedTrack, TrackLayout } from "./layout.ts";
import { decisionStory, decisionText } from "./scaling.ts";

interface Props {
  readonly picture: RunPicture;
  readonly scenario: Scenario | null;
  readonly layout: TrackLayout;
  readonly placed: PlacedTrack;
  readonly decision: number;
}

export function DecisionTip({ picture, scenario, layout, placed, decision }: Props): ReactNode {
  const story = decisionStory(picture, scenario, decision);
  const at = picture.decisions[decision]?.at;
  if (story === null || at === undefined) return null;
  const x = layout.x(at);
  const end = layout.x(Math.min(layout.domain[1], Number.isNaN(story.doneAt) ? at : story.doneAt));
  const bottom = placed.plotTop + placed.plotHeight + 0.5;
  return (
    <>
      <svg className="chart-layer" width={layout.width} height={layout.height} aria-hidden="true">
        <path d={`M${x} ${placed.plotTop}V${bottom}`} stroke="var(--ink)" strokeDasharray="2 2" />
        {end - x > 1 && <path d={`M${x} ${bottom}H${end}m0 -4v8`} stroke="var(--ink)" strokeWidth={1.6} fill="none" />}
      </svg>
      <Tooltip
        name={story.name}
        state={story.state}
        lead={story.asked}
        rows={[["before", story.had], ...story.reasons.map(([name, value]): [string, string] => [name, value])]}
        tail={story.outcome}
        x={Math.max(layout.left, Math.min(layout.left + layout.plot, x))}
        y={bottom}
        clearX={12}
        clearY={6}
        boundsWidth={layout.width}
        place={layout.phone ? "below" : "beside"}
      />
      <p className="visually-hidden" role="status">
        {decisionText(story)}
      </p>
    </>
  );
}
