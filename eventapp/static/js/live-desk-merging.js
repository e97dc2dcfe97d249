// Merging: "m" on the question that goes, then the arrows and Enter, or a click, on the one in which it lives on.
import { act, desk, find, home } from "./live-desk-acts.js";
import { onKey, onPageKey } from "./live-desk-keys.js";
import { onMove } from "./live-desk-cards.js";
import { choose, neighbourOf } from "./live-desk-moving.js";

const line = desk.querySelector("[data-merging-said]");
const stopper = desk.querySelector("[data-stop-merging]");
const going = () => (desk.dataset.merging ? find(desk.dataset.merging) : null);

const begin = (card) => {
  stop();
  desk.dataset.merging = card.dataset.question;
  card.dataset.isMerging = "";
  line.textContent = `${line.dataset.say} ${card.querySelector(".question-text").textContent}`;
  stopper.hidden = false;
  choose(neighbourOf(card));
};
const stop = () => {
  const card = going();
  if (card) delete card.dataset.isMerging;
  delete desk.dataset.merging;
  line.textContent = "";
  stopper.hidden = true;
  return card;
};
const mergeInto = (target) => {
  const card = going();
  if (!card || !target) return false;
  stop();
  if (card === target) return choose(card);
  choose(target);
  const body = new FormData();
  body.set("into", target.dataset.question);
  act(`${home}/questions/${card.dataset.question}/merge`, { body, card: target });
};

onKey("m", begin);
onKey("Enter", (card) => (document.activeElement === card ? mergeInto(card) : false));
const leave = () => { const card = stop(); if (!card) return false; choose(card); };
onKey("Escape", leave);
onPageKey("Escape", leave);
stopper.addEventListener("click", leave);
// It has gone another way.
onMove((card) => { if (card === going()) stop(); });

desk.addEventListener("click", (event) => {
  const card = event.target.closest("[data-question]");
  const opener = event.target.closest('[data-open="merge"]');
  if (opener) { event.preventDefault(); return begin(card); }
  if (!card || !going()) return;
  event.preventDefault();
  event.stopPropagation();
  mergeInto(card);
}, true);
