// Which card is chosen, and which column is in sight where only one is.
import { columnOf, desk } from "./live-desk-acts.js";
import { onMove } from "./live-desk-cards.js";

export const selectTab = (key) => {
  desk.dataset.tab = key;
  for (const link of desk.querySelectorAll("[data-tab-link]")) {
    if (link.dataset.tabLink === key) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};
for (const link of desk.querySelectorAll("[data-tab-link]")) {
  link.addEventListener("click", (event) => { event.preventDefault(); selectTab(link.dataset.tabLink); });
}

export const cardsIn = (column) => [...column.querySelectorAll("[data-question]:not([hidden])")];
export const choose = (card) => {
  if (!card) return;
  selectTab(columnOf(card).dataset.column);
  card.focus();
};
export const beside = (column, by) => {
  const filled = [...desk.querySelectorAll("[data-column]")].filter((other) => other === column || cardsIn(other).length);
  return cardsIn(filled[filled.indexOf(column) + by] ?? column)[0];
};
export const neighbourOf = (card) => {
  const near = cardsIn(columnOf(card));
  const place = near.indexOf(card);
  return near[place + 1] ?? near[place - 1] ?? beside(columnOf(card), -1);
};

// What goes on air is answered next; any other act leaves the moderator where they are.
onMove((card, question, hadFocus) => {
  if (hadFocus && question.status === "on_air") selectTab("on_air");
  if (!hadFocus || desk.querySelector(`[data-column="${question.status}"]`)) return;
  const next = neighbourOf(card);
  if (next !== card) choose(next);
});

// One card can be reached with Tab; from there the arrows lead on.
const setTabStop = (chosen) => {
  for (const card of desk.querySelectorAll("[data-question]")) card.tabIndex = card === chosen ? 0 : -1;
};
desk.addEventListener("focusin", (event) => { const card = event.target.closest("[data-question]"); if (card) setTabStop(card); });
setTabStop(desk.querySelector("[data-question]"));
export const firstCard = () => {
  const stop = desk.querySelector('[data-question][tabindex="0"]:not([hidden])');
  return stop ?? desk.querySelector("[data-question]:not([hidden])");
};
