// The stage: what is on air, as large as fits, and what the audience wants to hear next.
import { findLargest } from "./live-fit.js";
import { follow, keepNewest, on, onSettled, onState, reloadSoon } from "./live-stream.js";

const stage = document.querySelector("[data-stage]");
const text = stage.querySelector("[data-text]");
const blank = stage.querySelector("[data-blank-next]");
const newest = keepNewest();
const questions = new Map();
const room = stage.querySelector(".stage-main");
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
const LEAST = 0.8, MOST = 13;

// Without this script the length of the text chooses among four sizes.
const fit = () => {
  findLargest(
    LEAST, MOST,
    (size) => text.style.setProperty("--stage-type", size),
    () => room.scrollHeight <= room.clientHeight + 1 && text.scrollWidth <= text.clientWidth + 1,
  );
};

const drawNext = () => {
  const wanted = [...questions.values()].filter((question) => question.status === "approved");
  wanted.sort((a, b) => b.votes - a.votes || a.asked_at.localeCompare(b.asked_at) || a.id - b.id);
  const lines = wanted.slice(0, 3).map((question) => {
    const line = blank.content.firstElementChild.cloneNode(true);
    line.querySelector("[data-votes]").textContent = question.votes;
    line.querySelector(".stage-next-text").textContent = question.text;
    return line;
  });
  stage.querySelector("[data-next-list]").replaceChildren(...lines);
  stage.querySelector("[data-next]").hidden = !lines.length;
};

const drawAsker = (onAir) => {
  stage.querySelector("[data-on-air]").hidden = !onAir;
  stage.querySelector("[data-asker]").textContent = onAir ? onAir.author || stage.dataset.anonymous : "";
  const votes = stage.querySelector("[data-on-air-votes]");
  votes.hidden = !onAir?.votes;
  votes.textContent = (onAir?.votes === 1 ? votes.dataset.one : votes.dataset.many).replace("#", number.format(onAir?.votes ?? 0));
  const label = stage.querySelector("[data-label]");
  label.hidden = !onAir?.label;
  label.textContent = onAir?.label ?? "";
};

const draw = () => {
  const onAir = [...questions.values()].find((question) => question.status === "on_air");
  const said = onAir?.text ?? stage.dataset.none;
  if (text.textContent !== said) text.textContent = said;
  drawAsker(onAir);
  drawNext();
  fit();
};

const showAgenda = (agenda) => {
  const line = stage.querySelector("[data-agenda-title]");
  if (agenda.number < Number(line.dataset.number)) return;
  line.dataset.number = agenda.number;
  line.textContent = agenda.title;
};

const take = {
  question: (news) => { if (newest.isNews(news.id, news.revision)) questions.set(news.id, news); },
  gone: (news) => { if (newest.isNews(news.id, news.revision)) questions.delete(news.id); },
  votes: (news) => {
    const question = questions.get(news.id);
    if (question && newest.isNews(news.id, news.revision)) question.votes = news.votes;
  },
  agenda: showAgenda,
  moved: () => location.reload(),
  webinar: (news) => { if (news.status !== stage.dataset.status) reloadSoon(); },
};

// A deployment has brought another script than this one; asked for once, since a proxy may still hold the old page.
const isOutdated = (script) => {
  if (new URL(script, location.href).href === import.meta.url) return false;
  const [key, asked] = ["stage-script", script];
  try {
    if (sessionStorage.getItem(key) === asked) return false;
    sessionStorage.setItem(key, asked);
  } catch { return false; }
  return true;
};

const takeState = (state) => {
  if (isOutdated(state.script)) return reloadSoon();
  if (state.status !== stage.dataset.status) return reloadSoon();
  questions.clear();
  for (const question of state.questions) { newest.note(question.id, question.revision); questions.set(question.id, question); }
  showAgenda(state.agenda);
};

for (const [kind, hear] of Object.entries(take)) on(kind, hear);
onState(takeState);
onSettled(draw);
const { resync } = follow(stage);
resync();
fit();
text.dataset.fits = "";
addEventListener("resize", fit);
