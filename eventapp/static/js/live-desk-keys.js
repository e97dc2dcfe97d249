// One key for each act, on the chosen card or from anywhere; none while somebody types, and none at all where they are
// switched off on this device.
//   onKey(key, fn)        fn(card) for the chosen card        onPageKey(key, fn)      from anywhere
import { desk } from "./live-desk-acts.js";

const KEPT = "desk-keys";
const onCard = new Map(), onPage = new Map();
export const onKey = (key, fn) => { onCard.set(key, fn); };
export const onPageKey = (key, fn) => { onPage.set(key, fn); };

const readKept = () => { try { return localStorage.getItem(KEPT); } catch { return null; } };
const keep = (value) => { try { localStorage.setItem(KEPT, value); } catch { /* Only for this visit, then. */ } };

const box = desk.querySelector("[data-use-keys]");
const dialog = desk.querySelector('[data-dialog="keys"]');
const showUse = () => { desk.dataset.keys = box.checked ? "on" : "off"; };
box.checked = readKept() !== "off";
box.addEventListener("change", () => { keep(box.checked ? "on" : "off"); showUse(); });
showUse();
for (const button of desk.querySelectorAll("[data-show-keys]")) button.addEventListener("click", () => dialog.showModal());
onPageKey("?", () => dialog.showModal());

const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog");
document.addEventListener("keydown", (event) => {
  if (!box.checked || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const card = event.target.closest("[data-question]");
  // Elsewhere the arrows scroll, and Enter presses what has the focus.
  const isElsewhere = !card && event.target !== document.body && (event.key.startsWith("Arrow") || event.key === "Enter");
  const run = (card && onCard.get(event.key)) ?? onPage.get(event.key);
  if (!run || isElsewhere || run(card) === false) return;
  event.preventDefault();
});
