// Narrows the desk down to what has these words, this label and this speaker.
import { onSettled } from "./live-stream.js";
import { desk } from "./live-desk-acts.js";
import { onPageKey } from "./live-desk-keys.js";
import { choose, firstCard } from "./live-desk-moving.js";

const words = desk.querySelector("[data-filter-words]");
const label = desk.querySelector("[data-filter-label]");
const speaker = desk.querySelector("[data-filter-speaker]");
const clear = desk.querySelector("[data-filter-clear]");
const spelled = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const textOf = (card) => spelled([".question-text", "[data-author]", "[data-replies]"].map((part) => card.querySelector(part).textContent).join(" "));
const fits = (card, wanted) => (!label.value || card.dataset.label === label.value)
  && (!speaker.value || card.dataset.speaker === speaker.value) && wanted.every((word) => textOf(card).includes(word));

const offerLabels = () => {
  const used = new Set([...desk.querySelectorAll("[data-question]")].map((card) => card.dataset.label).filter(Boolean));
  if (label.value) used.add(label.value);
  if (label.options.length - 1 === used.size && [...label.options].slice(1).every((option) => used.has(option.value))) return;
  const chosen = label.value;
  label.replaceChildren(label.options[0], ...[...used].sort().map((name) => new Option(name, name)));
  label.value = chosen;
};

const narrow = () => {
  offerLabels();
  const wanted = spelled(words.value).split(/\s+/).filter(Boolean);
  const isNarrow = Boolean(wanted.length || label.value || speaker.value);
  clear.hidden = !isNarrow;
  desk.dataset.narrow = isNarrow;
  for (const list of desk.querySelectorAll("[data-cards]")) {
    const cards = [...list.children];
    for (const card of cards) card.hidden = isNarrow && !fits(card, wanted);
    const shown = cards.filter((card) => !card.hidden).length;
    const text = isNarrow ? `${shown}/${cards.length}` : String(cards.length);
    for (const count of desk.querySelectorAll(`[data-count="${list.closest("[data-column]").dataset.column}"]`)) count.textContent = text;
  }
};
const reset = () => { words.value = label.value = speaker.value = ""; narrow(); };

for (const field of [words, label, speaker]) field.addEventListener("input", narrow);
clear.addEventListener("click", () => { reset(); words.focus(); });
words.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { event.preventDefault(); reset(); words.blur(); }
  if (event.key === "Enter" || event.key === "ArrowDown") { event.preventDefault(); choose(firstCard()); }
});
onPageKey("/", () => { words.focus(); words.select(); });
onSettled(narrow);
narrow();
