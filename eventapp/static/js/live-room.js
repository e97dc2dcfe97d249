// The room: hears of questions and votes, sends one's own, and sorts the list as the reader chose.
import { follow as followFilters, onFilter, takes } from "./live-filters.js";
import { startOwn } from "./live-own.js";
import { arrange, follow, keepNewest, on, onSettled, onState, post, reloadSoon } from "./live-stream.js";
import { startSending } from "./live-sending.js";

const root = document.querySelector("[data-room]");
const list = root.querySelector("[data-list]");
const blank = root.querySelector("[data-blank]");
const badges = root.querySelector("[data-badges]");
const newest = keepNewest();
const canVote = root.dataset.canVote === "true";
let sort = list?.dataset.sorted ?? "votes";
let quietUntil = 0;
let waiting;

// When a question was asked, on the reader's own clock.
const clock = new Intl.DateTimeFormat(document.documentElement.lang || undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const showClock = (item) => { item.querySelector("[data-clock]").textContent = clock.format(new Date(item.dataset.asked)); };

const find = (id) => list?.querySelector(`[data-question="${CSS.escape(id)}"]`);
const items = () => [...list.children];
const votesOf = (item) => Number(item.querySelector("[data-votes]").textContent);
const statusOf = (item) => item.dataset.status;
const isMine = (item) => item.dataset.mine !== undefined;

const isShown = {
  votes: (item) => ["approved", "pending"].includes(statusOf(item)),
  newest: (item) => ["approved", "pending"].includes(statusOf(item)),
  mine: isMine,
  answered: (item) => statusOf(item) === "answered",
};
const byAge = (a, b) => a.dataset.asked.localeCompare(b.dataset.asked) || a.dataset.question - b.dataset.question;
const byVotes = (a, b) => (statusOf(b) === "pending") - (statusOf(a) === "pending") || votesOf(b) - votesOf(a) || byAge(a, b);

const isPinned = (item) => item.dataset.pinned !== undefined;
const pinnedFirst = (order) => (a, b) => isPinned(b) - isPinned(a) || order(a, b);

const draw = () => {
  if (!list) return;
  followFilters(items());
  for (const item of items()) item.hidden = !isShown[sort](item) || !takes(item);
  arrange(list, items().sort(pinnedFirst(sort === "newest" ? (a, b) => byAge(b, a) : byVotes)));
  root.querySelector("[data-empty]").hidden = items().some((item) => !item.hidden);
};
// The list holds still for a moment under a finger that is about to vote.
const drawSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, Math.max(30, quietUntil - Date.now()));
};

const told = root.querySelector("[data-told]");
const tell = (...words) => { told.textContent = words.filter(Boolean).join(" "); };

const showOnAir = () => {
  const box = root.querySelector("[data-on-air]");
  const item = list?.querySelector('[data-status="on_air"]');
  const text = box.querySelector("[data-on-air-text]");
  const said = item?.querySelector(".question-text").textContent ?? text.dataset.none;
  box.classList.toggle("is-quiet", !item);
  if (text.textContent === said) return;
  text.textContent = said;
  if (item) tell(told.dataset.sayOnAir, said);
  box.querySelector("[data-on-air-author]").textContent = item?.querySelector("[data-author]").textContent ?? "";
};

const paint = (item, status) => {
  item.dataset.status = status;
  const badge = badges.content.querySelector(`[data-for="${CSS.escape(status)}"]`);
  item.querySelector("[data-badge]").replaceChildren(...(badge ? [badge.cloneNode(true)] : []));
  item.querySelector("[data-vote]").disabled = !canVote || !["approved", "on_air"].includes(status);
};

const setVoted = (item, voted) => {
  const button = item.querySelector("[data-vote]");
  button.setAttribute("aria-pressed", String(voted));
  button.formAction = `${root.dataset.questions}/${item.dataset.question}/vote${voted ? "/take-back" : ""}`;
};

const create = (question) => {
  const item = blank.content.firstElementChild.cloneNode(true);
  const text = item.querySelector(".question-text");
  const base = `${root.dataset.questions}/${question.id}`;
  item.id = `question-${question.id}`;
  item.dataset.question = question.id;
  item.dataset.asked = question.asked_at;
  text.id = `${item.id}-text`;
  item.querySelector("[data-vote]").setAttribute("aria-describedby", text.id);
  item.querySelector("[data-change]").href = `${base}/change`;
  item.querySelector("[data-withdraw]").formAction = `${base}/withdraw`;
  item.querySelector("[data-follow-up] a").href = `${base}/follow-up`;
  showClock(item);
  setVoted(item, false);
  list.append(item);
  return item;
};

const blankReply = root.querySelector("[data-blank-reply]");
const drawReply = (reply) => {
  const row = blankReply.content.firstElementChild.cloneNode(true);
  const nobody = reply.kind === "answer" ? root.dataset.moderator : root.dataset.asker;
  row.dataset.kind = reply.kind;
  row.querySelector(".reply-text").textContent = reply.text;
  row.querySelector("[data-author]").textContent = reply.author || nobody;
  row.querySelector("[data-clock]").textContent = clock.format(new Date(reply.written_at));
  return row;
};

const showReplies = (item, replies) => {
  const box = item.querySelector("[data-replies]");
  const before = box.children.length;
  box.replaceChildren(...replies.map(drawReply));
  box.hidden = !replies.length;
  return replies.length > before && replies.at(-1).kind === "answer";
};

const mark = (item, selector, text) => {
  const place = item.querySelector(selector);
  place.hidden = !text;
  if (typeof text === "string") place.textContent = text;
};

const showMarks = (item, question) => {
  item.toggleAttribute("data-pinned", question.pinned ?? false);
  Object.assign(item.dataset, { item: question.item ?? "", itemTitle: question.item_title ?? "", label: question.label ?? "" });
  mark(item, "[data-pin]", Boolean(question.pinned));
  mark(item, "[data-edited]", Boolean(question.edited));
  mark(item, "[data-label-mark]", question.label ?? "");
  mark(item, "[data-item-mark]", question.item_title ?? "");
};

// What became of one's own question is told, unless one has done it oneself just now.
const tellFate = (item, before, hasAnswer) => {
  if (!isMine(item) || before === undefined) return;
  if (before !== statusOf(item) && statusOf(item) !== "on_air") tell(told.dataset[`say${statusOf(item)[0].toUpperCase()}${statusOf(item).slice(1)}`]);
  else if (before !== statusOf(item)) tell(told.dataset.sayOn_air);
  else if (hasAnswer) tell(told.dataset.sayReply);
};

const put = (question, isByOneself = false) => {
  if (!list) return reloadSoon();
  const known = find(question.id);
  const item = known ?? create(question);
  const before = known && statusOf(known);
  const isOwnBusy = item.querySelector("[data-writing]");
  const text = item.querySelector(".question-text");
  if (text.textContent !== question.text) text.textContent = question.text;
  item.querySelector(":scope > .question-body > .question-meta [data-author]").textContent = question.author || root.dataset.anonymous;
  if (question.mine) item.dataset.mine = "";
  if (question.own) item.dataset.own = "";
  paint(item, question.status);
  showMarks(item, question);
  const hasAnswer = showReplies(item, question.replies ?? []);
  item.querySelector("[data-votes]").textContent = question.votes;
  const wish = sending?.wishOf(question.id) ?? question.voted;
  if (wish !== undefined) setVoted(item, wish);
  if (!isOwnBusy) showOwnActs(item);
  if (!isByOneself) tellFate(item, before, hasAnswer);
};

const showOwnActs = (item) => {
  const followUp = item.querySelector("[data-follow-up]");
  if (followUp) followUp.hidden = !canVote || !isMine(item) || !["approved", "on_air", "answered"].includes(statusOf(item));
  const acts = item.querySelector("[data-own-acts]");
  if (acts) acts.hidden = item.dataset.own === undefined || !["pending", "approved"].includes(statusOf(item));
};

const showAgenda = (agenda) => {
  const line = root.querySelector("[data-agenda]");
  if (agenda.number < Number(line.dataset.number)) return;
  line.dataset.number = agenda.number;
  line.hidden = !agenda.title;
  line.querySelector("[data-agenda-title]").textContent = agenda.title;
  line.querySelector("[data-agenda-speakers]").textContent = agenda.speakers;
};

const take = {
  question: (news) => { if (newest.isNews(news.id, news.revision)) put(news); },
  gone: (news) => {
    const item = find(news.id);
    if (!newest.isNews(news.id, news.revision) || !item) return;
    if (!isMine(item)) return item.remove();
    // What became of one's own is in one's own state alone.
    resync();
  },
  room: (news) => sending?.showRoom(news),
  votes: (news) => {
    const item = find(news.id);
    if (item && newest.isNews(news.id, news.revision)) item.querySelector("[data-votes]").textContent = news.votes;
  },
  agenda: showAgenda,
  webinar: (news) => { if (news.status !== root.dataset.status) reloadSoon(); },
};

const takeState = (state) => {
  if (state.status !== root.dataset.status) return reloadSoon();
  const present = new Set(state.questions.map((question) => question.id));
  const last = Math.max(0, ...present);
  for (const item of list ? items() : []) {
    const id = Number(item.dataset.question);
    if (id <= last && !present.has(id)) item.remove();
  }
  for (const question of state.questions) if (newest.note(question.id, question.revision)) put(question);
  showAgenda(state.agenda);
  if (state.room) sending?.showRoom(state.room);
};

const sending = startSending({
  root,
  onAsked: (question) => {
    newest.note(question.id, question.revision);
    put({ ...question, mine: true, own: true }, true);
    draw();
  },
  onVoted: (id, answer) => {
    const item = find(answer.id) ?? find(id);
    if (!item) return;
    // Also where nothing has changed: the page has counted the press already.
    if (newest.note(answer.id, answer.revision)) item.querySelector("[data-votes]").textContent = answer.votes;
    setVoted(item, answer.has_voted);
    drawSoon();
  },
  onNotVoted: (id, wish) => {
    const item = find(id);
    if (!item) return;
    setVoted(item, !wish);
    item.querySelector("[data-votes]").textContent = votesOf(item) + (wish ? -1 : 1);
  },
});

list?.closest("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.dataset.vote === undefined) return;
  const item = button.closest("[data-question]");
  const wish = button.getAttribute("aria-pressed") !== "true";
  const url = button.formAction;
  quietUntil = Date.now() + 900;
  setVoted(item, wish);
  item.querySelector("[data-votes]").textContent = votesOf(item) + (wish ? 1 : -1);
  sending.vote(Number(item.dataset.question), { url, wish });
  drawSoon();
});
list?.addEventListener("pointerdown", () => { quietUntil = Date.now() + 900; });

startOwn({
  root,
  list,
  onChanged: (question) => { newest.note(question.id, question.revision); put(question, true); draw(); },
  onWithdrawn: (id, revision) => { newest.note(id, revision); find(id)?.remove(); draw(); },
});
onFilter(draw);

for (const link of root.querySelectorAll("[data-sort]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    sort = link.dataset.sort;
    for (const other of root.querySelectorAll("[data-sort]")) other.toggleAttribute("aria-current", false);
    link.setAttribute("aria-current", "true");
    draw();
  });
}

for (const item of list ? items() : []) {
  newest.note(Number(item.dataset.question), Number(item.dataset.revision));
  showClock(item);
  for (const place of item.querySelectorAll(".reply [data-clock]")) place.textContent = clock.format(new Date(place.dataset.clock));
  const wish = sending.wishOf(Number(item.dataset.question));
  if (wish !== undefined) setVoted(item, wish);
}
for (const [kind, hear] of Object.entries(take)) on(kind, hear);
onState(takeState);
onSettled(() => { showOnAir(); drawSoon(); });
const { resync } = follow(root);
onState(() => sending.flush());
sending.flush();

// What waits for a moderator is in no stream of the audience: its asker looks now and then.
setInterval(() => { if (list?.querySelector('[data-mine][data-status="pending"]') && !document.hidden) resync(); }, 45_000 + Math.random() * 30_000);

// Who is in the room is noted every few minutes; one time that gets lost is made up for by the next. Once it is live
// (then the page is loaded anew) that is noted soon, so that it counts who came before: not for all at the same moment.
const sayHere = () => post(root.dataset.seen).catch(() => {});
if (root.dataset.seen) {
  if (root.dataset.status === "live") setTimeout(sayHere, 500 + Math.random() * 20_000);
  setInterval(sayHere, 240_000 + Math.random() * 60_000);
}

const opensIn = root.dataset.opens && new Date(root.dataset.opens) - Date.now();
if (opensIn && opensIn < 2 ** 31 - 1) setTimeout(() => reloadSoon(10), Math.max(opensIn, 1000));
