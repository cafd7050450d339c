/* <search-box suggest="/en/search/suggest">: suggestions under the search field of every page, as an ARIA combobox.
   Without JavaScript the form around it searches all the same. "/" brings the focus here. */
customElements.define("search-box", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input");
    this.list = document.createElement("ul");
    Object.assign(this.list, { id: this.field.id + "-list", hidden: true });
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.querySelector("label").textContent);
    this.append(this.list);
    this.field.autocomplete = "off";
    this.say({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id });
    this.field.addEventListener("input", () => { clearTimeout(this.wait); this.wait = setTimeout(() => this.ask(), 150); });
    this.field.addEventListener("keydown", (event) => this.key(event));
    this.field.addEventListener("blur", () => setTimeout(() => this.show([]), 150));
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      this.field.focus();
    });
  }

  say(told) { for (const name in told) this.field.setAttribute(name, told[name]); }

  async ask() {
    const typed = this.field.value;
    if (typed.trim().length < 2) return this.show([]);
    const answer = await fetch(this.getAttribute("suggest") + "?q=" + encodeURIComponent(typed)).catch(() => null);
    if (answer?.ok && typed === this.field.value) this.show((await answer.json()).suggestions);
  }

  show(found) {
    this.list.replaceChildren(...found.map((one, at) => {
      const item = document.createElement("li"), title = document.createElement("span"), apart = document.createElement("span");
      item.id = this.list.id + at;
      item.setAttribute("role", "option");
      item.dataset.url = one.url;
      Object.assign(title, { textContent: one.title, dir: "auto", lang: one.language });
      Object.assign(apart, { className: "faint", textContent: [one.kind, one.apart].filter(Boolean).join(" · ") });
      item.append(title, " ", apart);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = one.url; });
      return item;
    }));
    this.list.hidden = !found.length || document.activeElement !== this.field;
    this.say({ "aria-expanded": String(!this.list.hidden) });
    this.mark(-1);
  }

  mark(at) {
    this.at = at;
    [...this.list.children].forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
    if (at < 0) this.field.removeAttribute("aria-activedescendant");
    else { this.say({ "aria-activedescendant": this.list.children[at].id }); this.list.children[at].scrollIntoView({ block: "nearest" }); }
  }

  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], count = this.list.children.length;
    if (event.key === "Escape" && !this.list.hidden) { event.preventDefault(); return this.show([]); }
    if (this.list.hidden) return;
    if (step) { event.preventDefault(); this.mark((this.at + step + (this.at < 0 && step < 0 ? 1 : 0) + count) % count); }
    else if (event.key === "Enter" && this.at >= 0) { event.preventDefault(); location.href = this.list.children[this.at].dataset.url; }
  }
});
