// The story under the transport bar, and its spoken twin for screen readers (at most once in two seconds).
import { useEffect, useState } from "react";
import { runData, useRunStore } from "../../state/run-store.ts";
import { spokenStory, story } from "./story.ts";

const SPEAK_EVERY_MS = 2000;

function useSpoken(): string {
  const [spoken, setSpoken] = useState("");
  useEffect(() => {
    const speak = (): void => {
      if (runData.picture !== null) setSpoken(spokenStory(runData.picture));
    };
    const timer = setInterval(speak, SPEAK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return spoken;
}

export function StoryLine() {
  useRunStore((state) => state.revision);
  const picture = runData.picture;
  const spoken = useSpoken();
  return (
    <section className="story" aria-label="The run in one sentence">
      <p>
        {picture === null
          ? "\u00a0"
          : story(picture).map((part, i) =>
              part.tone === undefined ? (
                part.text
              ) : part.tone === "late" ? (
                <b key={i} className="late">
                  {part.text}
                </b>
              ) : (
                <b key={i}>{part.text}</b>
              ),
            )}
      </p>
      <p className="visually-hidden" aria-live="polite">
        {spoken}
      </p>
    </section>
  );
}
