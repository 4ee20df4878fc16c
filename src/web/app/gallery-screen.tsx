// The gallery screen: topics at the left, published figures by question.
import { GalleryPanel } from "../views/gallery/panel.tsx";
import { Notices } from "./notices.tsx";
import { PhoneTop } from "./phone-top.tsx";
import { TopBar } from "./top-bar.tsx";
import "./gallery-screen.css";

export function GalleryScreen({ phone }: { readonly phone: boolean }) {
  return (
    <div className={`gallery${phone ? " narrow" : ""}`}>
      {phone ? <PhoneTop /> : <TopBar />}
      <main className="gallery-body" aria-label="Gallery">
        <Notices />
        <GalleryPanel />
      </main>
    </div>
  );
}
