// The gallery screen: topics at the left, published figures by question.
import { GalleryPanel } from "../views/gallery/panel.tsx";
import { ScreenFrame } from "./screen-frame.tsx";
import "./gallery-screen.css";

export function GalleryScreen({ phone }: { readonly phone: boolean }) {
  return (
    <ScreenFrame phone={phone} body="gallery-body" label="Gallery">
      <GalleryPanel />
    </ScreenFrame>
  );
}
