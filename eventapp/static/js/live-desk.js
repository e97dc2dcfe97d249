// The desk: every act without leaving the page, and the keys that do it.
import { on, onState } from "./live-stream.js";
import { act, columnOf, desk } from "./live-desk-acts.js";
import { beside, cardsIn, choose, firstCard, neighbourOf } from "./live-desk-moving.js";
import { onKey, onPageKey } from "./live-desk-keys.js";

const KEYS = { a: ["approve"], o: ["on-air"], d: ["dismiss"], b: ["restore"], p: ["pin", "unpin"], s: ["silence", "hear"] };
// These leave the card where it is.
const STAYS = new Set(["on-air", "pin", "unpin", "silence", "hear"]);

for (const form of desk.querySelectorAll("[data-acts]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    act(button.formAction, { card: button.closest("[data-question]") });
  });
}

// The button of an act that the card's status allows, also where it or its column is out of sight.
const isOffered = (button) => getComputedStyle(button).display !== "none";
const allowed = (card, names) => [...card?.querySelectorAll("[data-act]") ?? []].find((button) => names.includes(button.dataset.act) && isOffered(button));

const doAct = (card, names) => {
  const button = allowed(card, names);
  if (!button) return false;
  if (!STAYS.has(button.dataset.act)) choose(neighbourOf(card));
  act(button.formAction, { card });
};
for (const [key, names] of Object.entries(KEYS)) onKey(key, (card) => doAct(card, names));

// "Answered" means the question on air unless the chosen card can be answered itself.
const answerOnAir = () => {
  const card = desk.querySelector('[data-question][data-status="on_air"]');
  const button = allowed(card, ["answered"]);
  if (!button) return false;
  act(button.formAction, { card });
};
onKey("w", (card) => (doAct(card, ["answered"]) === false ? answerOnAir() : undefined));
onPageKey("w", answerOnAir);

const actOnReply = (card, name) => {
  const button = card.querySelector(`[data-reply][data-status="pending"] [data-reply-act="${name}"]`);
  if (!button) return false;
  act(button.formAction, { card });
};
onKey("f", (card) => actOnReply(card, "publish"));
onKey("x", (card) => actOnReply(card, "dismiss"));

const press = (selector) => {
  const button = desk.querySelector(selector);
  if (!button || button.disabled || getComputedStyle(button).display === "none") return false;
  act(button.formAction);
};
onPageKey("u", () => press("[data-undo-button]"));
onPageKey("v", () => press('[data-recording="false"] [data-when="false"], [data-recording="true"] [data-when="true"]'));

onKey("ArrowDown", (card) => { const near = cardsIn(columnOf(card)); choose(near[near.indexOf(card) + 1]); });
onKey("ArrowUp", (card) => { const near = cardsIn(columnOf(card)); choose(near[near.indexOf(card) - 1]); });
onKey("ArrowRight", (card) => choose(beside(columnOf(card), 1)));
onKey("ArrowLeft", (card) => choose(beside(columnOf(card), -1)));
onPageKey("ArrowDown", () => choose(firstCard()));

const isOtherStep = (news) => news.status !== desk.dataset.status;
on("webinar", (news) => { if (isOtherStep(news)) location.reload(); });
onState((state) => { if (isOtherStep(state)) location.reload(); });
