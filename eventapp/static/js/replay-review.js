// The agenda under review: one row has the keyboard, is played from its second, nudged, renamed, re-typed, nested,
// merged, dropped and brought back. The server answers each act with the rows as they are now.
import { seek, toggle } from "./player.js";

const root = document.querySelector("[data-review]");
const tools = root.querySelector("template").content.firstElementChild;
const said = root.querySelector("[data-review-said]");
const box = root.querySelector("[data-review-rows]");
const NUDGE_WAIT = 350;
let dropped = [];
let nudging = null;
let queue = Promise.resolve();

const rows = () => [...box.querySelectorAll("[data-entry]")];
const current = () => box.querySelector("[data-entry][tabindex='0']");
const find = (id) => box.querySelector(`[data-entry="${CSS.escape(id)}"]`);
const url = (row, act) => root.dataset.entries.replace("/0/act", `/${row.dataset.entry}/${act}`);
const clock = (seconds) => [seconds / 3600, (seconds / 60) % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");

const select = (row, isFocused = true) => {
  if (!row) return;
  for (const other of rows()) other.tabIndex = other === row ? 0 : -1;
  row.append(tools);
  tools.hidden = false;
  tools.querySelector("[data-kind-choice]").value = row.dataset.kind;
  if (isFocused) row.focus({ preventScroll: false });
};

const say = (text, isBad = false) => {
  said.textContent = text;
  said.classList.toggle("is-bad", isBad);
};

// After an act its row is another element: the focus goes to the same entry, or to what stands in its place.
const show = (answer, id, number, isFocused) => {
  box.innerHTML = answer.rows;
  if (rows().length) select(find(answer.chapter_id ?? id) ?? rows()[Math.min(number, rows().length - 1)], isFocused);
};

const send = (row, act, fields = {}) => {
  const id = row.dataset.entry;
  const target = url(row, act);
  queue = queue.then(async () => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    try {
      const response = await fetch(target, {
        method: "POST", body: form,
        headers: { Accept: "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content },
      });
      const answer = await response.json();
      const isInside = box.contains(document.activeElement) || document.activeElement === document.body;
      const number = rows().findIndex((other) => other.dataset.entry === id);
      show(answer, id, number, isInside);
      say(answer.said, !response.ok);
      if (response.ok && ["drop", "merge"].includes(act)) dropped.push(id);
    } catch {
      say(root.dataset.failed, true);
    }
  });
  return queue;
};

const nudge = (row, by) => {
  if (nudging && nudging.row !== row) sendNudge();
  nudging ??= { row, by: 0 };
  nudging.by += by;
  const start = Math.max(0, Number(row.dataset.start) + nudging.by);
  row.querySelector("[data-seek]").textContent = clock(start);
  clearTimeout(nudging.timer);
  nudging.timer = setTimeout(sendNudge, NUDGE_WAIT);
};
const sendNudge = () => {
  const { row, by, timer } = nudging;
  clearTimeout(timer);
  nudging = null;
  if (by) send(row, "nudge", { by });
};

const rename = (row) => {
  const link = row.querySelector(".entry-title");
  const field = Object.assign(document.createElement("input"), { type: "text", className: "entry-rename", value: link.textContent, maxLength: 1000 });
  field.setAttribute("aria-label", root.dataset.sayTitle);
  let isOver = false;
  const end = (isKept) => {
    if (isOver) return;
    isOver = true;
    const title = field.value.trim();
    field.replaceWith(link);
    row.focus();
    if (isKept && title && title !== link.textContent) send(row, "rename", { title });
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") { event.preventDefault(); end(true); }
    if (event.key === "Escape") end(false);
  });
  field.addEventListener("blur", () => end(true));
  link.replaceWith(field);
  field.select();
};

const restoreLast = () => {
  const id = dropped.pop() ?? box.querySelector("[data-dropped]")?.dataset.dropped;
  if (id) send({ dataset: { entry: id } }, "restore");
  else say(root.dataset.sayNothing);
};

const play = (row) => seek(Number(row.dataset.start));
const acts = {
  play, rename,
  "-10": (row) => nudge(row, -10), "-1": (row) => nudge(row, -1), 1: (row) => nudge(row, 1), 10: (row) => nudge(row, 10),
  nest: (row) => send(row, "nest"), unnest: (row) => send(row, "unnest"),
  merge: (row) => send(row, "merge"), drop: (row) => send(row, "drop"), undrop: restoreLast,
};

const move = (row, by) => select(rows()[Math.min(Math.max(rows().indexOf(row) + by, 0), rows().length - 1)]);
const keys = {
  " ": "play", Enter: "play", ArrowLeft: "-1", ArrowRight: "1", ",": "-1", ".": "1", "<": "-10", ">": "10",
  r: "rename", F2: "rename", n: "nest", u: "unnest", m: "merge", Delete: "drop", d: "drop", z: "undrop",
};

box.addEventListener("keydown", (event) => {
  const row = event.target.closest("[data-entry]");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== row && ["Enter", " "].includes(event.key)) return;
  if (event.target.matches("select")) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); return move(row, event.key === "ArrowDown" ? 1 : -1); }
  if (event.key === "Home" || event.key === "End") { event.preventDefault(); return select(rows().at(event.key === "Home" ? 0 : -1)); }
  if (event.key === "t") { event.preventDefault(); return tools.querySelector("[data-kind-choice]").focus(); }
  if (event.key === "p") { event.preventDefault(); return toggle(); }
  const far = event.shiftKey && { ArrowLeft: "-10", ArrowRight: "10" }[event.key];
  const act = far || keys[event.key];
  if (!act) return;
  event.preventDefault();
  acts[act](row);
});

box.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-entry]");
  if (row && row !== current()) select(row, event.target === row);
});
box.addEventListener("click", (event) => {
  const row = event.target.closest("[data-entry]");
  const button = event.target.closest("[data-act]");
  if (button && row) return acts[button.dataset.act](row);
  if (row && !event.target.closest("a, button, select, input")) select(row);
});
tools.querySelector("[data-kind-choice]").addEventListener("change", (event) => send(tools.closest("[data-entry]"), "retype", { kind: event.target.value }));
box.addEventListener("submit", (event) => {
  const item = event.target.closest("[data-dropped]");
  if (!item) return;
  event.preventDefault();
  send({ dataset: { entry: item.dataset.dropped } }, "restore");
});

tools.hidden = true;
root.querySelector("[data-review-keys]")?.removeAttribute("hidden");
if (rows().length) select(rows()[0], false);
