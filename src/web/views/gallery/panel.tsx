// The gallery: published figures by question. A card opens its scenario in the workbench, runs here, and shows its numbers as a table.
import { useMemo, useRef, useState, type ReactNode } from "react";
import { openCard } from "../../commands/gallery-actions.ts";
import { cards } from "../../../gallery/index.ts";
import { recorded } from "../../../gallery/recorded.ts";
import { startCards, stopCard, stopCards } from "../../rpc/gallery-control.ts";
import { useGalleryStore } from "../../state/gallery-store.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { ExportTools } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { percent } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { cardFigure } from "./draw.ts";
import { figureText, isWhole, selectGroups, stateText, topicCounts, valuesTable, type ShownCard } from "./select.ts";
import "./gallery.css";

function useShownCards(): readonly ShownCard[] {
  const figures = useGalleryStore((state) => state.figures);
  return useMemo(
    () =>
      cards.flatMap((card) => {
        const figure = figures[card.id] ?? recorded[card.id];
        return figure === undefined ? [] : [{ card, figure }];
      }),
    [figures],
  );
}

function Thumbnail({ shown }: { readonly shown: ShownCard }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const palette = usePalette();
  const figure = useMemo(() => (width === 0 ? null : cardFigure(shown.figure.chart, width)), [shown, width]);
  return (
    <div ref={box} className="thumbnail" role="img" aria-label={figureText(shown)}>
      {figure !== null && <FigureView figure={figure} palette={palette} />}
    </div>
  );
}

function Entry({ shown }: { readonly shown: ShownCard }): ReactNode {
  const { card, figure } = shown;
  const palette = usePalette();
  const running = useGalleryStore((state) => state.running[card.id]);
  const error = useGalleryStore((state) => state.errors[card.id]);
  const ranHere = useGalleryStore((state) => state.figures[card.id] !== undefined);
  const [more, setMore] = useState(false);
  const whole = isWhole(shown);
  return (
    <article className="entry" aria-label={card.title}>
      <h3>
        <button type="button" className="entry-open" title="Open in the workbench" onClick={() => openCard(card)}>
          {card.title}
        </button>
      </h3>
      <p className="entry-from">{card.from}</p>
      <Thumbnail shown={shown} />
      <p className="entry-lesson">{card.lesson}</p>
      <p className="entry-state">
        <span className={whole ? "whole" : "part"}>
          <Icon name={whole ? "check" : "dots"} size={12} />
          {stateText(shown)}
          {ranHere ? ", run here" : ""}
        </span>
      </p>
      <div className="entry-tools">
        {running === undefined ? (
          <button type="button" className="tool" onClick={() => void startCards([card])}>
            Run
          </button>
        ) : (
          <button type="button" className="tool" onClick={() => stopCard(card.id)}>
            {running === null ? "Stop, waits" : `Stop, ${percent(running, 0)}`}
          </button>
        )}
        <button type="button" className="tool" onClick={() => openCard(card)}>
          Open
        </button>
        <button type="button" className="tool" aria-expanded={more} onClick={() => setMore(!more)}>
          Source
        </button>
        <ExportTools
          title={card.title}
          palette={palette}
          figure={() => cardFigure(figure.chart, 320)}
          table={() => valuesTable(shown)}
          steady
        />
      </div>
      {error !== undefined && (
        <p className="entry-error" role="alert">
          {error} What is drawn stays.
        </p>
      )}
      {more && (
        <p className="entry-source">
          {card.source}. {card.differences}
        </p>
      )}
    </article>
  );
}

function Filter({ label, count, chosen, choose }: { label: string; count: number; chosen: boolean; choose: () => void }): ReactNode {
  return (
    <button type="button" className="filter" aria-pressed={chosen} onClick={choose}>
      {label}
      <span>{count}</span>
    </button>
  );
}

/** Runs what is shown, card by card. */
function RunAll({ shown }: { readonly shown: readonly ShownCard[] }): ReactNode {
  const left = useGalleryStore((state) => Object.keys(state.running).length);
  return (
    <div className="run-all">
      {left > 1 ? (
        <button type="button" className="button" onClick={stopCards}>
          Stop all, {left} left
        </button>
      ) : (
        <button
          type="button"
          className="button"
          disabled={shown.length === 0}
          onClick={() => void startCards(shown.map(({ card }) => card))}
        >
          Run all {shown.length}
        </button>
      )}
    </div>
  );
}

function GalleryRail({ shown, chosen }: { readonly shown: readonly ShownCard[]; readonly chosen: readonly ShownCard[] }): ReactNode {
  const { topic, whole, text } = useGalleryStore();
  const wholeCount = shown.filter(isWhole).length;
  const set = useGalleryStore.setState;
  return (
    <aside className="gallery-rail" aria-label="Topics">
      <label className="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Find a figure"
          aria-label="Find a figure"
          value={text}
          onChange={(event) => set({ text: event.target.value })}
        />
      </label>
      <section>
        <h2>Topic</h2>
        <Filter
          label="All"
          count={shown.length}
          chosen={topic === null && whole === null}
          choose={() => set({ topic: null, whole: null })}
        />
        {topicCounts(shown).map(([id, count]) => (
          <Filter key={id} label={id} count={count} chosen={topic === id} choose={() => set({ topic: topic === id ? null : id })} />
        ))}
      </section>
      <section>
        <h2>Reproduced</h2>
        <Filter
          label="Within tolerance"
          count={wholeCount}
          chosen={whole === true}
          choose={() => set({ whole: whole === true ? null : true })}
        />
        <Filter
          label="Partly"
          count={shown.length - wholeCount}
          chosen={whole === false}
          choose={() => set({ whole: whole === false ? null : false })}
        />
      </section>
      <RunAll shown={chosen} />
      <p>
        Open circles are published values, lines and bars are runs of this simulator. Each figure opens as a scenario that you can change;
        Run makes its runs again on this machine.
      </p>
    </aside>
  );
}

export function GalleryPanel(): ReactNode {
  const shown = useShownCards();
  const topic = useGalleryStore((state) => state.topic);
  const whole = useGalleryStore((state) => state.whole);
  const text = useGalleryStore((state) => state.text);
  const groups = useMemo(() => selectGroups(shown, { topic, whole, text }), [shown, topic, whole, text]);
  return (
    <>
      <GalleryRail shown={shown} chosen={groups.flatMap((group) => group.cards)} />
      <div className="gallery-groups">
        {groups.map(({ question, about, cards: entries }) => (
          <section key={question} aria-label={question}>
            <h2>
              {question} <span>{about}</span>
            </h2>
            <div className="entries">
              {entries.map((entry) => (
                <Entry key={entry.card.id} shown={entry} />
              ))}
            </div>
          </section>
        ))}
        {groups.length === 0 && (
          <p className="gallery-none">
            No figure fits.{" "}
            <button type="button" className="text-button" onClick={() => useGalleryStore.setState({ topic: null, whole: null, text: "" })}>
              Show all
            </button>
          </p>
        )}
      </div>
    </>
  );
}
