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
    if (element === null || element.open) return;
    element.showModal();
    // The first field, or what the dialog is for; the way out is the last thing that should have the focus.
    (element.querySelector<HTMLElement>(".content :is(input, select, .button.ink):not(:disabled)") ?? element).focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      style={{ width }}
      aria-label={title}
      onClose={onClose}
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
