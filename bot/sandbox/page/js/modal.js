// The app's modal views: the top one of the stack, its form and its errors.

import { api } from "./api.js";
import { buildBlocks } from "./blocks.js";
import { h, replace } from "./dom.js";
import { keepFocus, wayBack } from "./focus.js";
import { icon } from "./icons.js";
import { forget, recall } from "./interact.js";
import { plainText, textObject } from "./mrkdwn.js";
import { orNotice } from "./notices.js";
import { store } from "./store.js";

const FIRST_FIELD =
  ".field input, .field textarea, .field select, .field button, .modal-body button, .modal-body input, .modal-body select";

// The form's values as the server wants them: {block_id: value}; what is not shown here stays out.
function formValues(view, surface) {
  const inputs = view.blocks.filter((block) => block.type === "input");
  return Object.fromEntries(inputs.map((block) => [block.block_id, recall(surface, block.block_id, block.element)]));
}

export class Modal {
  constructor() {
    this.dialog = h("dialog", {
      class: "dialog modal",
      data: { testid: "modal" },
      on: { cancel: (event) => this.handleCancel(event) },
    });
    // A click on Escape can also close the dialog without asking; the server's stack then decides again.
    this.dialog.addEventListener("close", () => this.current && !this.closing && this.close());
    document.body.append(this.dialog);
    this.current = null;
    this.signature = null;
    this.known = new Set();
  }

  // Shows the top of the server's stack of views, or nothing.
  show(views) {
    const alive = new Set(views.map((view) => view.id));
    for (const id of this.known) if (!alive.has(id)) forget(`v:${id}`);
    this.known = alive;
    const top = views.at(-1);
    if (!top) return this.hide();
    // What the form holds is kept here; drawing it anew at every submission would wipe the errors away.
    const signature = JSON.stringify([{ ...top, state: null }, views.length]);
    if (signature === this.signature) return;
    const other = this.current?.id !== top.id;
    this.signature = signature;
    this.current = top;
    if (!this.dialog.open) this.open();
    if (other) this.draw(top, views.length);
    else keepFocus(this.dialog, () => this.draw(top, views.length), this.dialog);
    if (other) (this.dialog.querySelector(FIRST_FIELD) ?? this.dialog.querySelector("button"))?.focus();
  }

  open() {
    this.back =
      document.activeElement && document.activeElement !== document.body ? wayBack(document.activeElement) : null;
    this.dialog.showModal();
  }

  hide() {
    this.current = null;
    this.signature = null;
    if (!this.dialog.open) return;
    this.closing = true;
    this.dialog.close();
    this.closing = false;
    this.back?.();
  }

  draw(view, depth) {
    const surface = { key: `v:${view.id}`, view_id: view.id, values: () => formValues(view, surface) };
    this.surface = surface;
    const title = plainText(view.title?.text) || "Form";
    this.dialog.setAttribute("aria-label", title);
    this.dialog.dataset.callbackId = view.callback_id ?? "";
    this.error = h("div", { class: "modal-error", role: "alert" });
    replace(
      this.dialog,
      h(
        "form",
        { novalidate: true, on: { submit: (event) => this.handleSubmit(event) } },
        h(
          "div",
          { class: "dialog-head" },
          depth > 1 ? this.iconButton("Back", "back") : null,
          h("h2", { data: { testid: "modal-title" } }, textObject(view.title)),
          this.iconButton("Close", "close"),
        ),
        h("div", { class: "dialog-body modal-body" }, this.error, buildBlocks(view.blocks, surface)),
        this.foot(view),
      ),
    );
  }

  iconButton(label, name) {
    return h(
      "button",
      { type: "button", class: "icon-button", "aria-label": label, on: { click: () => this.close() } },
      icon(name),
    );
  }

  foot(view) {
    const close = h(
      "button",
      { type: "button", class: "button", data: { testid: "modal-close" }, on: { click: () => this.close() } },
      view.close ? textObject(view.close) : view.submit ? "Cancel" : "Close",
    );
    const submit = view.submit
      ? h(
          "button",
          { type: "submit", class: "button primary", data: { testid: "modal-submit" } },
          textObject(view.submit),
        )
      : null;
    return h("div", { class: "dialog-foot" }, close, submit);
  }

  handleCancel(event) {
    if (event.target !== this.dialog) return;
    event.preventDefault();
    this.close();
  }

  async close() {
    const view = this.current;
    if (view) await orNotice(api.close({ user: store.me.id, view_id: view.id }));
    await this.reload?.();
  }

  async handleSubmit(event) {
    event.preventDefault();
    if (this.dialog.dataset.sending) return;
    const view = this.current;
    this.dialog.dataset.sending = "true";
    this.error.textContent = "";
    try {
      const answer = await api.submit({ user: store.me.id, view_id: view.id, values: formValues(view, this.surface) });
      this.showErrors(answer.errors ?? {});
      if (answer.ok === false && !answer.errors)
        this.fail(answer.error || "The app did not respond. Nothing was sent; try again.");
    } catch (refused) {
      this.fail(refused.message);
    } finally {
      delete this.dialog.dataset.sending;
      await this.reload?.();
    }
  }

  fail(text) {
    replace(this.error, icon("warning"), text);
  }

  showErrors(errors) {
    let first = null;
    for (const field of this.dialog.querySelectorAll("[data-field-for]")) {
      const text = errors[field.dataset.fieldFor] ?? "";
      const control = field.querySelector("[data-action-id]");
      field.querySelector("[data-testid=field-error]").textContent = text;
      field.classList.toggle("invalid", Boolean(text));
      control.setAttribute("aria-invalid", String(Boolean(text)));
      if (text) first ??= control.matches("input, textarea, select, button") ? control : control.querySelector("input");
    }
    first?.focus();
  }
}
