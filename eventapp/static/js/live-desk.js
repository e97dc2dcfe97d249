// The desk: every act without leaving the page, cards that move to where they belong, and keys for it all.
import { arrange, follow, handState, keepNewest, on, onSettled, onState, post } from "./live-stream.js";

const desk = document.querySelector("[data-desk]");
const blank = desk.querySelector("[data-blank]");
const newest = keepNewest();
const KEYS = { a: "approve", o: "on-air", w: "answered", d: "dismiss", b: "restore" };

const find = (id) => desk.querySelector(`[data-question="${CSS.escape(id)}"]`);
const listOf = (status) => desk.querySelector(`[data-column="${CSS.escape(status)}"] [data-cards]`);
const votesOf = (card) => Number(card.querySelector("[data-votes]").textContent);
const byAge = (a, b) => a.dataset.asked.localeCompare(b.dataset.asked) || a.dataset.question - b.dataset.question;
const byVotes = (a, b) => votesOf(b) - votesOf(a) || byAge(a, b);
const say = (text) => { desk.querySelector("[data-said]").textContent = text; };

const create = (question) => {
  const card = blank.content.firstElementChild.cloneNode(true);
  card.id = `question-${question.id}`;
  card.dataset.question = question.id;
  card.dataset.asked = question.asked_at;
  card.querySelector(".question-text").textContent = question.text;
  card.querySelector("[data-author]").textContent = question.author || desk.dataset.anonymous;
  card.querySelector("[data-clock]").textContent = question.asked;
  for (const button of card.querySelectorAll("[data-act]")) {
    button.formAction = `${desk.dataset.home}/questions/${question.id}/${button.dataset.act}`;
  }
  return card;
};

const put = (question) => {
  const card = find(question.id) ?? create(question);
  const list = listOf(question.status);
  card.dataset.status = question.status;
  card.querySelector("[data-votes]").textContent = question.votes;
  if (card.parentElement !== list) {
    const hadFocus = card.contains(document.activeElement);
    list.append(card);
    // What goes on air is answered next; any other act leaves the moderator where they are.
    if (hadFocus && question.status === "on_air") selectTab("on_air");
    if (hadFocus) card.focus({ preventScroll: true });
  }
};

const draw = () => {
  for (const list of desk.querySelectorAll("[data-cards]")) {
    const status = list.closest("[data-column]").dataset.column;
    arrange(list, [...list.children].sort(status === "pending" ? byAge : byVotes));
    for (const count of desk.querySelectorAll(`[data-count="${status}"]`)) count.textContent = list.children.length;
  }
};

// Where the run of show is longer than the screen, it moves to the part that is running.
const showRunning = () => {
  const running = desk.querySelector("[data-item][aria-current]");
  const list = desk.querySelector("[data-run]");
  if (running) list.scrollTop = running.offsetTop - list.clientHeight / 3;
};

let shownItem = Number(desk.querySelector("[data-item][aria-current]")?.dataset.item) || null;
const showRun = (run) => {
  if (run.number < Number(desk.dataset.number)) return;
  desk.dataset.number = run.number;
  for (const line of desk.querySelectorAll("[data-item]")) {
    line.querySelector("[data-began]").textContent = run.started[line.dataset.item] ?? "";
    if (Number(line.dataset.item) === run.item) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  }
  if (run.item !== shownItem) showRunning();
  shownItem = run.item;
  const undo = desk.querySelector("[data-undo]");
  undo.hidden = !run.undo;
  undo.querySelector("[data-undo-label]").textContent = run.undo?.label ?? "";
  undo.querySelector("[data-undo-button]").formAction = `${desk.dataset.home}/undo/${run.undo?.entry ?? 0}`;
  desk.querySelector("[data-recording]").dataset.recording = String(Boolean(run.recording));
  desk.querySelector("[data-recording-label]").textContent = run.recording;
};

const take = {
  question: (news) => { if (newest.isNews(news.id, news.revision)) put(news); },
  votes: (news) => {
    const card = find(news.id);
    if (card && newest.isNews(news.id, news.revision)) card.querySelector("[data-votes]").textContent = news.votes;
  },
  run: showRun,
  webinar: (news) => { if (news.status !== desk.dataset.status) location.reload(); },
};

const takeState = (state) => {
  if (state.status !== desk.dataset.status) return location.reload();
  for (const question of state.questions) if (newest.isNews(question.id, question.revision)) put(question);
  showRun(state.run);
};

const act = async (url) => {
  say("");
  try { handState(await post(url)); } catch (error) { say(error.said ?? desk.dataset.failed); resync(); }
};

for (const form of desk.querySelectorAll("[data-acts]")) {
  form.addEventListener("submit", (event) => { event.preventDefault(); act(event.submitter.formAction); });
}

const cards = (column) => [...column.querySelectorAll("[data-question]")];
const choose = (card) => {
  if (!card) return;
  selectTab(card.closest("[data-column]").dataset.column);
  card.focus();
};
const beside = (column, by) => {
  const filled = [...desk.querySelectorAll("[data-column]")].filter((other) => other === column || cards(other).length);
  return cards(filled[filled.indexOf(column) + by] ?? column)[0];
};

// The button of an act that the card's status allows, also where its column is behind a tab.
const allowed = (card, name) => {
  const button = card?.querySelector(`[data-act="${name}"]`);
  return button && getComputedStyle(button).display !== "none" ? button : undefined;
};
const undoLast = () => {
  const undo = desk.querySelector("[data-undo]");
  if (!undo.hidden) act(undo.querySelector("button").formAction);
};
// "Answered" means the question on air unless the chosen card can be answered itself.
const answerOnAir = () => {
  const button = allowed(desk.querySelector('[data-question][data-status="on_air"]'), "answered");
  if (button) act(button.formAction);
};
const isTyping = (element) => element.closest("input, textarea, select, [contenteditable], dialog");

// From anywhere on the page: the first question, undo, and answered.
const keysWithoutCard = {
  ArrowDown: () => choose(desk.querySelector('[data-question][tabindex="0"]')),
  u: undoLast,
  w: answerOnAir,
};

const keysOn = (card) => {
  const column = card.closest("[data-column]");
  const near = cards(column);
  const place = near.indexOf(card);
  // What goes on air keeps the focus: it is answered next. Anything else leaves it to its neighbour.
  const next = near[place + 1] ?? near[place - 1] ?? beside(column, -1);
  const keys = {
    ArrowDown: () => choose(near[place + 1]),
    ArrowUp: () => choose(near[place - 1]),
    ArrowRight: () => choose(beside(column, 1)),
    ArrowLeft: () => choose(beside(column, -1)),
    u: undoLast,
    w: answerOnAir,
  };
  for (const [key, name] of Object.entries(KEYS)) {
    const button = allowed(card, name);
    if (button) keys[key] = () => { if (name !== "on-air") choose(next); act(button.formAction); };
  }
  return keys;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const card = event.target.closest("[data-question]");
  const isElsewhere = !card && event.target !== document.body && event.key === "ArrowDown";
  const run = (card ? keysOn(card) : keysWithoutCard)[event.key];
  if (!run || isElsewhere) return;
  event.preventDefault();
  run();
});

// One card can be reached with Tab; from there the arrows lead on.
const setTabStop = (chosen) => {
  for (const card of desk.querySelectorAll("[data-question]")) card.tabIndex = card === chosen ? 0 : -1;
};
desk.addEventListener("focusin", (event) => { const card = event.target.closest("[data-question]"); if (card) setTabStop(card); });

const selectTab = (key) => {
  desk.dataset.tab = key;
  for (const link of desk.querySelectorAll("[data-tab-link]")) {
    if (link.dataset.tabLink === key) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
};
for (const link of desk.querySelectorAll("[data-tab-link]")) {
  link.addEventListener("click", (event) => { event.preventDefault(); selectTab(link.dataset.tabLink); });
}

for (const card of desk.querySelectorAll("[data-question]")) newest.note(Number(card.dataset.question), Number(card.dataset.revision));
setTabStop(desk.querySelector("[data-question]"));
showRunning();
for (const [kind, hear] of Object.entries(take)) on(kind, hear);
onState(takeState);
onSettled(draw);
const { resync } = follow(desk);
