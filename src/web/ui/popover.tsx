// A button that opens a native popover beside itself.
import { useId, useRef, type ReactNode } from "react";

interface Props {
  readonly className: string;
  readonly face: ReactNode;
  readonly label?: string;
  readonly title?: string;
  readonly kind?: "menu" | "note";
  readonly align?: "left" | "right";
  readonly children: (close: () => void) => ReactNode;
}

/** Arrow keys move between the entries of a menu. */
function moveFocus(event: React.KeyboardEvent<HTMLElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const entries = [...event.currentTarget.querySelectorAll<HTMLElement>("button:not(:disabled), a")];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  entries[(at + step + entries.length) % entries.length]?.focus();
}

export function PopoverButton({ className, face, label, title, kind = "menu", align = "left", children }: Props) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const box = useRef<HTMLDivElement>(null);

  const place = (): void => {
    const near = button.current?.getBoundingClientRect();
    const element = box.current;
    if (near === undefined || element === null) return;
    // Its own height first, not the one that fitted the last time.
    element.style.maxHeight = "none";
    const size = element.getBoundingClientRect();
    const left = align === "left" ? near.left : near.right - size.width;
    const below = near.bottom + 4;
    const room = { below: innerHeight - 8 - below, above: near.top - 4 - 8 };
    const under = size.height <= room.below || room.below >= room.above;
    element.style.left = `${Math.max(8, Math.min(left, innerWidth - size.width - 8))}px`;
    element.style.top = `${under ? below : Math.max(8, near.top - 4 - size.height)}px`;
    element.style.maxHeight = `${under ? room.below : room.above}px`;
    if (kind === "menu") element.querySelector<HTMLElement>("button, a")?.focus({ preventScroll: true });
  };

  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        popoverTarget={id}
        aria-label={label}
        title={title}
        aria-haspopup={kind === "menu" ? "true" : "dialog"}
      >
        {face}
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        className={`floating${kind === "menu" ? " menu" : ""}`}
        onToggle={(event) => {
          if (event.newState === "open") place();
        }}
        onKeyDown={kind === "menu" ? moveFocus : undefined}
      >
        {children(() => box.current?.hidePopover())}
      </div>
    </>
  );
}
