// A native modal dialog that is open while it is mounted.
import { useEffect, useRef, type ReactNode } from "react";
import { Icon } from "./icons.tsx";

interface Props {
  readonly title: string;
  readonly width?: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, width = 480, onClose, children }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    const before = document.activeElement;
    element.showModal();
    // The first field, or what the dialog is for; the way out is the last thing that should have the focus.
    (element.querySelector<HTMLElement>(".content :is(input, select, .button.ink):not(:disabled)") ?? element).focus();
    // A dialog that goes away without being closed leaves the focus nowhere.
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      style={{ width }}
      aria-label={title}
      onClose={onClose}
      // At once, so that the next key already belongs to the page.
      onKeyDown={(event) => {
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      <header>
        <h2>{title}</h2>
        <button type="button" className="button plain square" aria-label="Close" onClick={onClose}>
          <Icon name="cross" />
        </button>
      </header>
      <div className="content">{children}</div>
    </dialog>
  );
}
