// In a narrow window the sidebar is a drawer: opened by a button, closed by a choice, Escape or a tap beside it.

const NARROW = matchMedia("(max-width: 760px)");

export class Drawer {
  constructor(sidebar, scrim, rest) {
    Object.assign(this, { sidebar, scrim, rest });
    scrim.addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && this.close());
    NARROW.addEventListener("change", () => this.apply(false));
    this.apply(false);
  }

  apply(open) {
    this.isOpen = open && NARROW.matches;
    this.sidebar.classList.toggle("open", this.isOpen);
    this.sidebar.inert = NARROW.matches && !this.isOpen;
    this.scrim.hidden = !this.isOpen;
    for (const part of this.rest) part.inert = this.isOpen;
  }

  open() {
    this.back = document.activeElement;
    this.apply(true);
    this.sidebar.querySelector("[aria-current], button")?.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.apply(false);
    if (this.back?.isConnected) this.back.focus();
    else document.querySelector("[data-testid=open-drawer]")?.focus();
  }
}
