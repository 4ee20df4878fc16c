// Components with a script of their own: nothing stands in their place until that is there. React's `lazy` would do, but Suspense keeps a pace of
// 300 ms between two things that it shows, however soon their scripts are there.
import { useEffect, useState, type ComponentType, type ReactNode } from "react";

interface Options {
  /** Draws now, or later: returns how to give that up. */
  readonly when?: (draw: () => void) => () => void;
  /** Told that the script did not come. Without it, the boundary around the component is. */
  readonly failed?: () => void;
}

const atOnce = (draw: () => void): (() => void) => {
  draw();
  return () => {};
};

/** A component that `load` fetches when it is first used; where that fails, using it again tries again. */
export function fetched<P extends object = object>(
  load: () => Promise<ComponentType<P>>,
  { when = atOnce, failed }: Options = {},
): (props: P) => ReactNode {
  let known: ComponentType<P> | null = null;
  return function Fetched(props) {
    const [Known, setKnown] = useState(() => known);
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      // Another of its kind may have brought it since this one was rendered.
      if (known !== null) {
        setKnown(() => known);
        return;
      }
      let left = false;
      let giveUp = (): void => {};
      load().then(
        (Loaded) => {
          known = Loaded;
          if (!left) giveUp = when(() => setKnown(() => Loaded));
        },
        (error: unknown) => {
          if (left) return;
          if (failed === undefined) setFailure({ error });
          else failed();
        },
      );
      return () => {
        left = true;
        giveUp();
      };
    }, []);
    if (failure !== null) throw failure.error;
    return Known === null ? null : <Known {...props} />;
  };
}
