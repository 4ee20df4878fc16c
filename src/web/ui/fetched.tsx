// Components with a script of their own: nothing stands in their place until that is there. React's `lazy` would do, but Suspense keeps a pace of
// 300 ms between two things that it shows, however soon their scripts are there.
import { useEffect, useState, type ComponentType, type ReactNode } from "react";

/** Draws now, or later: returns how to give that up. */
type When = (draw: () => void) => () => void;

const atOnce: When = (draw) => {
  draw();
  return () => {};
};

/** A component that `load` fetches when it is first used; where that fails, the boundary around it says so, and using it again tries again. */
export function fetched<P extends object = object>(load: () => Promise<ComponentType<P>>, when = atOnce): (props: P) => ReactNode {
  let known: ComponentType<P> | null = null;
  return function Fetched(props) {
    const [Known, setKnown] = useState(() => known);
    const [failure, setFailure] = useState<{ readonly error: unknown } | null>(null);
    useEffect(() => {
      if (known !== null) return;
      let left = false;
      let giveUp = (): void => {};
      load().then(
        (Loaded) => {
          known = Loaded;
          if (!left) giveUp = when(() => setKnown(() => Loaded));
        },
        (error: unknown) => setFailure({ error }),
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
