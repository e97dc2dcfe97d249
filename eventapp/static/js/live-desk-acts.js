// What all modules of the desk share: its acts, and what is said of them, near the question that they were about.
//   act(url, { body, card, sayIn })    posts and hands on the state of the answer; true if it was done
//   isOwn(entry)                       whether that entry of the log is this browser's
import { follow, handState, post } from "./live-stream.js";

export const desk = document.querySelector("[data-desk]");
export const home = desk.dataset.home;
export const find = (id) => desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
export const columnOf = (card) => card.closest("[data-column]");

const main = desk.querySelector("[data-said]");
const clear = () => {
  main.textContent = "";
  for (const said of desk.querySelectorAll("[data-card-said]")) said.remove();
};
const sayOn = (card, text) => {
  const said = Object.assign(document.createElement("p"), { className: "desk-said" });
  said.dataset.cardSaid = "";
  said.setAttribute("role", "alert");
  said.textContent = text;
  card.querySelector(".question-body").append(said);
};
// Where its column is behind a tab, or the question is gone, the message stands above all columns.
const say = (card, text) => {
  clear();
  if (card?.checkVisibility()) sayOn(card, text);
  else main.textContent = text;
};

const own = new Set();
let underWay = 0;
export const isOwn = (entry) => own.has(entry);
export const isBusy = () => underWay > 0;

const { resync } = follow(desk);
const showTruth = async (card, text) => {
  say(card, text);
  await resync();
  setTimeout(() => { if (card && !card.checkVisibility()) say(null, text); }, 1500);
};

export const act = async (url, { body, card, sayIn } = {}) => {
  clear();
  underWay += 1;
  try {
    const state = await post(url, body);
    if (state.run?.undo) own.add(state.run.undo.entry);
    handState(state);
    return true;
  } catch (error) {
    const text = error.said ?? desk.dataset.failed;
    if (sayIn) { sayIn.textContent = text; resync(); } else showTruth(card, text);
    return false;
  } finally {
    underWay -= 1;
  }
};
