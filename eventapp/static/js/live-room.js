// The room: hears of questions and votes, sends one's own, and sorts the list as the reader chose.
import { arrange, follow, keepNewest, on, onSettled, onState, post, reloadSoon } from "./live-stream.js";

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

const draw = () => {
  if (!list) return;
  for (const item of items()) item.hidden = !isShown[sort](item);
  arrange(list, items().sort(sort === "newest" ? (a, b) => byAge(b, a) : byVotes));
  root.querySelector("[data-empty]").hidden = items().some((item) => !item.hidden);
};
// The list holds still for a moment under a finger that is about to vote.
const drawSoon = () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, Math.max(30, quietUntil - Date.now()));
};

const showOnAir = () => {
  const box = root.querySelector("[data-on-air]");
  const item = list?.querySelector('[data-status="on_air"]');
  const text = box.querySelector("[data-on-air-text]");
  const said = item?.querySelector(".question-text").textContent ?? text.dataset.none;
  box.classList.toggle("is-quiet", !item);
  if (text.textContent === said) return;
  text.textContent = said;
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
  item.id = `question-${question.id}`;
  item.dataset.question = question.id;
  item.dataset.asked = question.asked_at;
  text.id = `${item.id}-text`;
  text.textContent = question.text;
  item.querySelector("[data-vote]").setAttribute("aria-describedby", text.id);
  item.querySelector("[data-author]").textContent = question.author || root.dataset.anonymous;
  showClock(item);
  setVoted(item, false);
  list.append(item);
  return item;
};

const put = (question) => {
  if (!list) return reloadSoon();
  const item = find(question.id) ?? create(question);
  paint(item, question.status);
  item.querySelector("[data-votes]").textContent = question.votes;
  if (question.voted !== undefined) setVoted(item, question.voted);
  if (question.mine) item.dataset.mine = "";
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
  gone: (news) => { if (newest.isNews(news.id, news.revision)) find(news.id)?.remove(); },
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
};

const sayIn = (form, text, isBad = false) => {
  const line = form.querySelector("[data-said]");
  line.textContent = text;
  line.classList.toggle("is-bad", isBad);
};

root.querySelector("[data-ask]")?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const button = form.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const answer = await post(form.action, new FormData(form));
    form.elements.submission_key.value = answer.submission_key;
    form.elements.text.value = "";
    sayIn(form, answer.said);
    newest.note(answer.question.id, answer.question.revision);
    put({ ...answer.question, mine: true });
    draw();
  } catch (error) {
    sayIn(form, error.said ?? root.dataset.failed, true);
  }
  button.disabled = false;
});

list?.closest("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  const item = button.closest("[data-question]");
  const before = button.getAttribute("aria-pressed") === "true";
  const url = button.formAction;
  const count = item.querySelector("[data-votes]");
  quietUntil = Date.now() + 900;
  setVoted(item, !before);
  count.textContent = votesOf(item) + (before ? -1 : 1);
  try {
    const answer = await post(url);
    if (newest.isNews(answer.id, answer.revision)) count.textContent = answer.votes;
    setVoted(item, answer.has_voted);
  } catch (error) {
    setVoted(item, before);
    count.textContent = votesOf(item) + (before ? 1 : -1);
    const line = document.querySelector("[data-connection]");
    line.textContent = error.said ?? root.dataset.failed;
  }
  drawSoon();
});
list?.addEventListener("pointerdown", () => { quietUntil = Date.now() + 900; });

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
}
for (const [kind, hear] of Object.entries(take)) on(kind, hear);
onState(takeState);
onSettled(() => { showOnAir(); drawSoon(); });
const { resync } = follow(root);

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
