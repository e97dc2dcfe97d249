// The stage: what is on air, as large as fits, and what the audience wants to hear next.
import { follow, keepNewest, on, onSettled, onState, reloadSoon } from "./live-stream.js";

const stage = document.querySelector("[data-stage]");
const text = stage.querySelector("[data-text]");
const blank = stage.querySelector("[data-blank-next]");
const newest = keepNewest();
const questions = new Map();
const SIZES = ["xl", "l", "m", "s", "xs"];
const LONGEST = { xl: 60, l: 140, m: 280 };

const fit = () => {
  const room = stage.querySelector(".stage-main");
  const first = Object.keys(LONGEST).findIndex((size) => text.textContent.length <= LONGEST[size]);
  for (const size of SIZES.slice(first < 0 ? 3 : first)) {
    text.dataset.size = size;
    if (room.scrollHeight <= room.clientHeight) return;
  }
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

const draw = () => {
  const onAir = [...questions.values()].find((question) => question.status === "on_air");
  const said = onAir?.text ?? stage.dataset.none;
  if (text.textContent !== said) text.textContent = said;
  stage.querySelector("[data-asker]").textContent = onAir ? onAir.author || stage.dataset.anonymous : "";
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

const takeState = (state) => {
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
addEventListener("resize", fit);
