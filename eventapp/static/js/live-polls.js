// The room's polls: one that opens appears, a vote is sent without leaving the page, and results grow where they may be
// seen. What the stream can't carry, since others may not see it yet, comes with the vote and is asked for now and then.
import { on, onState, post } from "./live-stream.js";
import { drawPoll, mergePoll } from "./live-poll-cards.js";

const root = document.querySelector("[data-polls]");
const openPlace = root.querySelector("[data-open-polls]");
const closedPlace = root.querySelector("[data-closed-polls]");
const earlier = closedPlace.closest("details");
const isLive = document.querySelector("[data-room]").dataset.status === "live";
const polls = new Map(JSON.parse(root.dataset.polls).map((poll) => [poll.id, poll]));
const unsent = new Map();
const SECONDS_BETWEEN_LOOKS = 30;
let timer;

const find = (id) => root.querySelector(`[data-poll="${CSS.escape(id)}"]`);
const announce = (text) => { root.querySelector("[data-poll-news]").textContent = text; };
const sayIn = (card, text, isBad = false) => {
  const line = card.querySelector("[data-poll-said]");
  line.textContent = text;
  line.classList.toggle("is-bad", isBad);
};

const create = (poll) => {
  const card = root.querySelector("[data-blank-poll]").content.firstElementChild.cloneNode(true);
  card.id = `poll-${poll.id}`;
  card.querySelector("form").action = `${root.dataset.home}${poll.id}/vote`;
  return card;
};

const showOwn = (card, poll) => {
  for (const control of card.querySelectorAll("[name=option_id]")) control.checked = poll.chosen?.includes(Number(control.value)) ?? false;
  card.querySelectorAll("[name=words]").forEach((control, place) => { control.value = poll.words?.[place] ?? ""; });
};

const ballotOf = (card) => new URLSearchParams(new FormData(card.querySelector("form")));

const showPlaces = () => {
  root.hidden = !polls.size;
  earlier.hidden = !closedPlace.children.length;
};

// A poll that has just been closed stays where it was read, until another one opens.
const place = (card, poll) => {
  if (poll.status === "open" && isLive) {
    for (const other of [...openPlace.children]) if (other !== card) closedPlace.prepend(other);
    if (card.parentElement !== openPlace) openPlace.append(card);
  } else if (!card.parentElement) closedPlace.prepend(card);
};

const draw = (poll) => {
  const isNew = !find(poll.id);
  const card = find(poll.id) ?? create(poll);
  const before = card.dataset.status;
  place(card, poll);
  drawPoll(card, poll, { parts: root });
  card.querySelector("fieldset").disabled = poll.status !== "open";
  if (isNew) showOwn(card, poll);
  if (poll.status === "open" && before !== "open") announce(`${root.dataset.sayOpened} ${poll.text}`);
  if (poll.status === "closed" && before === "open") {
    announce(`${root.dataset.sayClosed} ${poll.text}`);
    unsent.delete(poll.id);
    sayIn(card, "");
  }
  showPlaces();
  if (!timer) lookLater();
};

const remove = (id) => {
  find(id)?.remove();
  polls.delete(id);
  unsent.delete(id);
  showPlaces();
};

const take = (news) => {
  if (news.status === "gone") return remove(news.id);
  const merged = mergePoll(polls.get(news.id), news);
  polls.set(news.id, merged);
  draw(merged);
};

on("poll", take);
on("poll_votes", (news) => { if (polls.has(news.id)) take(news); });
onState((state) => {
  const present = new Set(state.polls.map((poll) => poll.id));
  for (const id of [...polls.keys()]) if (!present.has(id)) remove(id);
  for (const poll of [...state.polls].reverse()) take(poll);
});

// Sends what was chosen last; while there is no connection, again and again: the same vote twice counts once.
const send = async (id) => {
  const card = find(id);
  const body = unsent.get(id);
  if (!card || !body) return;
  const button = card.querySelector("[type=submit]");
  button.disabled = true;
  try {
    const { poll } = await post(card.querySelector("form").action, body);
    if (unsent.get(id) === body) unsent.delete(id);
    polls.set(id, mergePoll(polls.get(id), poll));
    draw(polls.get(id));
    // Whoever has chosen something else meanwhile keeps that.
    if (String(ballotOf(card)) === String(body)) showOwn(card, poll);
    sayIn(card, root.dataset.sayCounted);
    lookLater();
  } catch (error) {
    const isRefused = error.said !== undefined;
    if (isRefused) unsent.delete(id);
    else setTimeout(() => send(id), 2000 + Math.random() * 4000);
    sayIn(card, error.said ?? root.dataset[navigator.onLine ? "failed" : "sayWaiting"], true);
  }
  button.disabled = false;
};

root.addEventListener("submit", (event) => {
  const card = event.target.closest("[data-poll]");
  if (!card) return;
  event.preventDefault();
  const id = Number(card.dataset.poll);
  unsent.set(id, ballotOf(card));
  send(id);
});
addEventListener("online", () => { for (const id of unsent.keys()) send(id); });

// Results that only those who voted may see are no news of the room.
const isToAsk = (poll) => poll.status === "open" && poll.results === "voted" && poll.chosen?.length;
const look = async () => {
  if (!document.hidden) {
    for (const poll of [...polls.values()].filter(isToAsk)) {
      const answer = await fetch(`${root.dataset.home}${poll.id}/results.json`, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) take((await answer.json()).poll);
    }
  }
  lookLater();
};
const lookLater = () => {
  clearTimeout(timer);
  timer = undefined;
  if ([...polls.values()].some(isToAsk)) timer = setTimeout(look, SECONDS_BETWEEN_LOOKS * 1000 * (0.5 + Math.random()));
};
lookLater();
