// The frame of the screens other than the workbench: the top bar, or on a phone the mark and the screens in a line that scrolls; below it the body.
import { useEffect, useRef, type ReactNode } from "react";
import { embedded } from "../state/embed.ts";
import { Mark } from "../ui/icons.tsx";
import { Notices } from "./notices.tsx";
import { Screens, TopBar } from "./top-bar.tsx";
import "./screen-frame.css";

function PhoneTop(): ReactNode {
  const bar = useRef<HTMLElement>(null);
  // There are more screens than fit: the open one is in sight.
  // Not an arrow that returns it: newer browsers give back a promise, which React would call when the screen goes.
  useEffect(() => {
    bar.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, []);
  return (
    <header ref={bar} className="phone-top">
      <Mark />
      <h1 className="visually-hidden">Goodput</h1>
      <Screens />
    </header>
  );
}

interface Props {
  readonly phone: boolean;
  /** Class of the body, and its name for those who do not see it. */
  readonly body: string;
  readonly label: string;
  readonly children: ReactNode;
}

export function ScreenFrame({ phone, body, label, children }: Props): ReactNode {
  return (
    <div className={`screen${phone ? " narrow" : ""}${embedded ? " embedded" : ""}`}>
      {embedded ? null : phone ? <PhoneTop /> : <TopBar />}
      <main className={`screen-body ${body}`} aria-label={label}>
        <Notices />
        {children}
      </main>
    </div>
  );
}
