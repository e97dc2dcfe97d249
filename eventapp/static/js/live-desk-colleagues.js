// What other moderators do: their cards light up for a moment, and the newest of their acts is said, not each.
import { on } from "./live-stream.js";
import { desk, find, isBusy, isOwn } from "./live-desk-acts.js";

const LIGHT = 2500, BETWEEN = 5000;
const heard = desk.querySelector("[data-heard]");
let timer, waiting = "", saidAt = 0;

const light = (id) => {
  const card = find(id);
  if (!card || isBusy()) return;
  card.dataset.isNews = "";
  setTimeout(() => { delete card.dataset.isNews; }, LIGHT);
};

const speak = () => { saidAt = Date.now(); heard.textContent = waiting; };
on("question", (news) => setTimeout(() => light(news.id)));
on("run", (run) => setTimeout(() => {
  if (!run.undo || isBusy() || isOwn(run.undo.entry)) return;
  waiting = [desk.dataset.sayBy, run.undo.by, run.undo.label].filter(Boolean).join(" ");
  clearTimeout(timer);
  timer = setTimeout(speak, Math.max(0, saidAt + BETWEEN - Date.now()));
}));
