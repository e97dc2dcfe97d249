// The desk's polls: counts that grow, and what other moderators have opened, closed, written or hidden.
import { on, onState } from "./live-stream.js";
import { drawPoll, mergePoll } from "./live-poll-cards.js";

const root = document.querySelector("[data-desk-polls]");
const list = root.querySelector("[data-poll-list]");
const polls = new Map(JSON.parse(root.dataset.deskPolls).map((poll) => [poll.id, poll]));

const find = (id) => list.querySelector(`[data-poll="${CSS.escape(id)}"]`);

const create = (poll) => {
  const card = root.querySelector("[data-blank-poll]").content.firstElementChild.cloneNode(true);
  card.id = `poll-${poll.id}`;
  for (const button of card.querySelectorAll("[data-poll-act]")) button.formAction = `${root.dataset.home}${poll.id}/${button.dataset.pollAct}`;
  list.append(card);
  return card;
};

const draw = (poll) => {
  const card = find(poll.id) ?? create(poll);
  const hadFocus = card.contains(document.activeElement);
  if (card.dataset.status !== poll.status && poll.status !== "draft") card.querySelector("details").open = true;
  drawPoll(card, poll, { parts: root, wordActs: root.dataset.home });
  // The button that was pressed has given way to another one.
  if (hadFocus && !document.activeElement?.offsetParent) [...card.querySelectorAll("[data-poll-act]")].find((button) => button.offsetParent)?.focus();
  root.querySelector("[data-no-polls]").hidden = polls.size > 0;
};

const remove = (id) => {
  find(id)?.remove();
  polls.delete(id);
  root.querySelector("[data-no-polls]").hidden = polls.size > 0;
};

const take = (news) => {
  if (news.status === "gone") return remove(news.id);
  polls.set(news.id, mergePoll(polls.get(news.id), news));
  draw(polls.get(news.id));
};

on("poll", take);
on("poll_votes", (news) => { if (polls.has(news.id)) take(news); });
onState((state) => {
  const present = new Set(state.polls.map((poll) => poll.id));
  for (const id of [...polls.keys()]) if (!present.has(id)) remove(id);
  for (const poll of state.polls) take(poll);
  for (const poll of state.polls) list.append(find(poll.id));
});
