// A speaker's view: counts the time that is left by the server's clock, and asks how things stand after each news.
import { follow, on, onState } from "./live-stream.js";

const view = document.querySelector("[data-speaker-view]");
const find = (name) => view.querySelector(`[data-${name}]`);
const say = view.dataset;
const SOON = 2 * 60_000;
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);
let state = JSON.parse(say.speakerView);
// How far this phone's clock is behind the server's.
let behind = Date.parse(state.now) - Date.now();
let told = "";

const span = (milliseconds) => {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
};
const wordsOfDrift = (minutes) => {
  if (minutes > 0) return `${minutes} ${say.sayLate}`;
  return minutes < 0 ? `${-minutes} ${say.sayEarly}` : say.sayOnTime;
};

// Spoken once for each change, never every second.
const tell = (words) => { if (words !== told) { told = words; find("said").textContent = words; } };

const count = () => {
  const place = find("now"), running = state.status === "live" ? state.running : null;
  const left = running ? Date.parse(running.ends_at) - Date.now() - behind : 0;
  const is = !running ? "" : left < 0 ? "over" : left < SOON ? "soon" : "going";
  place.dataset.is = is;
  find("left").textContent = running ? span(left) : "";
  find("left-words").textContent = { "": "", going: say.sayLeft, soon: say.sayLeft, over: say.sayOver }[is];
  const drift = running && state.late !== null ? wordsOfDrift(state.late) : "";
  find("drift").textContent = [is === "soon" || is === "over" ? say.saySoon : "", drift].filter(Boolean).join(" · ");
  if (is === "soon" || is === "over") tell(`${running.title}: ${is === "over" ? say.sayOver : say.saySoon}`);
};

const drawPart = (name, part) => {
  find(name).hidden = !part;
  if (!part) return;
  find(`${name}-title`).textContent = part.title;
  const when = part.planned === part.expected ? part.expected : `${part.expected} (${say.sayPlanned} ${part.planned})`;
  find(`${name}-when`).textContent = [when, part.mine ? say.sayYours : part.speakers].filter(Boolean).join(" · ");
};

const drawQuestion = (question) => {
  const line = find("blank").content.firstElementChild.cloneNode(true);
  const [text, note] = line.children;
  const stands = { on_air: say.sayOnAir, answered: say.sayAnswered }[question.status];
  const votes = (question.votes === 1 ? say.one : say.many).replace("#", number.format(question.votes));
  line.dataset.status = question.status;
  text.textContent = question.text;
  note.textContent = [stands, question.author || say.sayAnonymous, votes, question.label].filter(Boolean).join(" · ");
  return line;
};

const titleOf = ({ status, running }) => {
  if (status === "live") return running?.title ?? say.sayNothing;
  return status === "published" ? say.sayWaits : say.sayEnded;
};

const draw = (news) => {
  state = news;
  behind = Date.parse(state.now) - Date.now();
  const running = state.status === "live" ? state.running : null;
  find("now-title").textContent = titleOf(state);
  find("now-who").textContent = running ? (running.mine ? say.sayYours : running.speakers) : "";
  drawPart("next", state.status === "ended" ? null : state.next);
  drawPart("mine", state.status === "ended" ? null : state.mine);
  find("questions").replaceChildren(...state.questions.map(drawQuestion));
  find("none").hidden = state.questions.length > 0;
  count();
};

onState(draw);
const { resync } = follow(view);
for (const kind of ["question", "gone", "votes", "agenda", "webinar"]) on(kind, () => resync());
draw(state);
setInterval(count, 1000);
