// The app's Home tab.

import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { buildBlocks } from "./blocks.js";
import { h, replace } from "./dom.js";
import { keepFocus } from "./focus.js";
import { orNotice } from "./notices.js";
import { store } from "./store.js";

export class Home {
  constructor() {
    this.node = h("div", { class: "scroller home", tabindex: "-1", data: { testid: "app-home" } });
    this.signature = null;
    this.shown = 0;
  }

  // Tells the app that its Home tab was opened, and shows what it publishes.
  async open() {
    const before = this.shown;
    const answer = await orNotice(api.openHome({ user: store.me.id }));
    // The app may have published a newer view while the answer, with the older one, was on its way.
    if (answer && this.shown === before) this.show(answer.view);
  }

  show(view) {
    this.shown += 1;
    const signature = JSON.stringify(view ? { ...view, state: null } : null);
    if (signature === this.signature && this.node.firstChild) return;
    this.signature = signature;
    const surface = { key: `h:${view?.id ?? ""}`, view_id: view?.id };
    const content = view?.blocks?.length
      ? buildBlocks(view.blocks, surface)
      : h(
          "div",
          { class: "empty" },
          avatar(store.app?.bot_user_id, { size: "large" }),
          h("h2", {}, store.app?.name ?? "App"),
          h("p", { class: "quiet" }, "This app shows nothing on its Home tab."),
        );
    keepFocus(this.node, () => replace(this.node, h("div", { class: "home-view" }, content)));
  }
}
