// The stage's poll: its bars grow while people vote, and its results stay for a while, unless a question goes on air.
import { findLargest } from "./live-fit.js";
import { on, onState } from "./live-stream.js";
import { drawPoll, mergePoll } from "./live-poll-cards.js";

const root = document.querySelector("[data-stage-poll]");
const card = root.querySelector("[data-card]");
const LEAST = 0.35, MOST = 2.4;
const MINUTES_OF_RESULTS = 10;
let [shown] = JSON.parse(root.dataset.stagePoll);
let timer;

const fit = () => {
  findLargest(
    LEAST, MOST,
    (size) => root.style.setProperty("--poll-type", size),
    () => card.scrollHeight <= root.clientHeight + 1 && card.scrollWidth <= root.clientWidth + 1,
  );
};

const show = (poll) => {
  shown = poll;
  root.hidden = !poll;
  clearTimeout(timer);
  if (!poll) return;
  drawPoll(card, poll, { parts: root });
  fit();
  if (poll.status === "closed") timer = setTimeout(() => show(undefined), MINUTES_OF_RESULTS * 60_000);
};

on("poll", (news) => {
  if (news.id === shown?.id) return show(news.status === "gone" ? undefined : mergePoll(shown, news));
  if (news.status === "open") show(news);
});
on("poll_votes", (news) => { if (news.id === shown?.id) show(mergePoll(shown, news)); });
on("question", (question) => { if (question.status === "on_air" && shown?.status === "closed") show(undefined); });
onState((state) => show(state.polls[0]));
show(shown);
root.dataset.fits = "";
addEventListener("resize", fit);
