// The bar above screens other than the workbench, on a phone.
import { Mark } from "../ui/icons.tsx";
import { Screens } from "./top-bar.tsx";

export function PhoneTop() {
  return (
    <header className="phone-top">
      <Mark />
      <h1 className="visually-hidden">Goodput</h1>
      <Screens />
    </header>
  );
}
