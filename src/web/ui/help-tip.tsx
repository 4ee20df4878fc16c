// One help bubble for the whole page: it opens when the pointer rests on a label, or when the keyboard comes to its control.
import { useEffect, useRef } from "react";
import { create } from "zustand";

interface Tip {
  readonly title: string;
  readonly text: string;
  readonly range: string;
  readonly near: DOMRect;
}

const useTipStore = create<{ readonly tip: Tip | null }>()(() => ({ tip: null }));

let timer: ReturnType<typeof setTimeout> | undefined;
let byKeyboard = false;

function open(element: Element, title: string, text: string, range: string, delay: number): void {
  clearTimeout(timer);
  if (text === "") return;
  timer = setTimeout(() => useTipStore.setState({ tip: { title, text, range, near: element.getBoundingClientRect() } }), delay);
}

function close(): void {
  clearTimeout(timer);
  if (useTipStore.getState().tip !== null) useTipStore.setState({ tip: null });
}

export interface HelpHandlers {
  readonly onPointerEnter: (event: React.PointerEvent) => void;
  readonly onPointerLeave: () => void;
  readonly onFocus: (event: React.FocusEvent) => void;
  readonly onBlur: () => void;
}

/** Spread `label` on the label and `control` on the row: hover opens on the label, keyboard focus anywhere in the row. */
export function helpHandlers(
  title: string,
  text: string,
  range = "",
): { label: Pick<HelpHandlers, "onPointerEnter" | "onPointerLeave">; row: Pick<HelpHandlers, "onFocus" | "onBlur"> } {
  return {
    label: {
      onPointerEnter: (event) => {
        if (event.pointerType === "mouse") open(event.currentTarget, title, text, range, 350);
      },
      onPointerLeave: close,
    },
    row: {
      onFocus: (event) => {
        if (byKeyboard) open(event.currentTarget, title, text, range, 700);
      },
      onBlur: close,
    },
  };
}

/** Mounted once. */
export function HelpTip() {
  const tip = useTipStore((state) => state.tip);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const key = (event: KeyboardEvent): void => {
      byKeyboard = event.key === "Tab" || byKeyboard;
      close();
    };
    const pointer = (): void => {
      byKeyboard = false;
      close();
    };
    addEventListener("keydown", key, true);
    addEventListener("pointerdown", pointer, true);
    addEventListener("scroll", close, true);
    return () => {
      removeEventListener("keydown", key, true);
      removeEventListener("pointerdown", pointer, true);
      removeEventListener("scroll", close, true);
    };
  }, []);
  useEffect(() => {
    const element = box.current;
    if (element === null || tip === null) return;
    element.showPopover();
    const size = element.getBoundingClientRect();
    const below = tip.near.bottom + 6;
    element.style.left = `${Math.max(8, Math.min(tip.near.left, innerWidth - size.width - 8))}px`;
    element.style.top = `${below + size.height < innerHeight - 8 ? below : Math.max(8, tip.near.top - size.height - 6)}px`;
    return () => element.hidePopover();
  }, [tip]);
  return (
    <div ref={box} popover="manual" className="help-tip" role="tooltip">
      {tip !== null && (
        <>
          <b>{tip.title}.</b> {tip.text}
          {tip.range !== "" && <span className="range">{tip.range}</span>}
        </>
      )}
    </div>
  );
}
