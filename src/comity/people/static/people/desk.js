// Keys of the desk: j and k move, e opens, / leads to the search. Without this file everything is reached by Tab.
"use strict";

const rows = [...document.querySelectorAll("[data-row]")];
let place = -1;

const writing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;

const move = (step) => {
  if (rows.length === 0) return;
  rows[place]?.classList.remove("here");
  place = Math.min(Math.max(place + step, 0), rows.length - 1);
  const row = rows[place];
  row.classList.add("here");
  row.scrollIntoView({ block: "nearest" });
  row.querySelector("a, button, input:not([type=hidden])")?.focus({ preventScroll: true });
};

const open = () => rows[place]?.querySelector("a.button, button, th a, a")?.click();

const search = () => document.querySelector("input[type=search]")?.focus();

const keys = { j: () => move(1), k: () => move(-1), e: open, "/": search };

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || writing(event.target)) return;
  event.preventDefault();
  act();
});

document.querySelectorAll(".keys").forEach((hint) => { hint.hidden = false; });
