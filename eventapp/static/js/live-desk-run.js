// The run of show: what runs, what is next, and the plan against the clock, which counts on by itself.
import { on, onState } from "./live-stream.js";
import { act, desk, home } from "./live-desk-acts.js";
import { onPageKey } from "./live-desk-keys.js";

const show = desk.querySelector("[data-run-of-show]");
const { sayEnds, sayOver, sayBehind, sayAhead, sayOnTime } = show.dataset;
const drift = show.querySelector("[data-drift]");
const list = show.querySelector("[data-run]");
const lines = [...show.querySelectorAll("[data-item]")];
let run = JSON.parse(show.dataset.runOfShow);

// Where the run of show is longer than its place, it moves to the part that is running.
const showRunning = () => {
  const running = list?.querySelector("[data-item][aria-current]");
  if (running) list.scrollTop = running.offsetTop - list.clientHeight / 3;
};

const span = (milliseconds) => {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};
const wordsOfDrift = (minutes) => {
  if (minutes > 0) return `+${minutes} ${sayBehind}`;
  return minutes < 0 ? `−${-minutes} ${sayAhead}` : sayOnTime;
};
const count = () => {
  const now = Date.now(), ends = Date.parse(run.ends_at), planned = Date.parse(run.planned_end);
  const isRunning = desk.dataset.status === "live" && Boolean(run.ends_at);
  // A part that takes longer than planned makes all that follows later.
  const late = Math.round((Math.max(ends, now) - planned) / 60_000);
  drift.textContent = isRunning ? wordsOfDrift(late) : "";
  drift.dataset.is = isRunning && late > 0 ? "late" : "";
  for (const line of lines) {
    const left = line.querySelector("[data-left]");
    const isThis = isRunning && Number(line.dataset.item) === run.item;
    left.textContent = isThis ? `${now > ends ? sayOver : sayEnds} ${span(ends - now)}` : "";
    left.dataset.is = isThis && now > ends ? "over" : "";
  }
};

const drawUndo = () => {
  const undo = desk.querySelector("[data-undo]");
  undo.dataset.isEmpty = String(!run.undo);
  undo.querySelector("[data-undo-label]").textContent = run.undo?.label ?? desk.dataset.sayOwn;
  undo.querySelector("[data-undo-by]").textContent = run.undo?.by ?? "";
  const button = undo.querySelector("[data-undo-button]");
  button.disabled = !run.undo;
  button.formAction = `${home}/undo/${run.undo?.entry ?? 0}`;
};
const draw = (news) => {
  if (news.number < run.number) return;
  const hasMoved = news.item !== run.item;
  run = news;
  for (const line of lines) {
    const id = Number(line.dataset.item);
    line.querySelector("[data-began]").textContent = run.started[id] ?? "";
    if (id === run.item) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
    line.toggleAttribute("data-next", id === run.next?.item);
  }
  show.querySelector("[data-recording]").dataset.recording = String(Boolean(run.recording));
  show.querySelector("[data-recording-label]").textContent = run.recording;
  drawUndo();
  count();
  if (hasMoved) showRunning();
};

const start = (line) => {
  const button = line?.querySelector("[data-start]");
  if (!button || line.hasAttribute("aria-current")) return false;
  act(button.formAction);
};
onPageKey("n", () => start(show.querySelector("[data-next]")));
for (const digit of "123456789") onPageKey(digit, () => start(lines[digit - 1]));

on("run", draw);
onState((state) => draw(state.run));
count();
showRunning();
setInterval(count, 1000);
