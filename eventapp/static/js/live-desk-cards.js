// The cards: drawn from what is heard, in the column of their status, with their marks and what is written under them.
//   onMove(fn)    fn(card, question) for each card that another column, or none, has now
import { arrange, keepNewest, on, onSettled, onState } from "./live-stream.js";
import { desk, find, home } from "./live-desk-acts.js";

const newest = keepNewest();
const blank = desk.querySelector("[data-blank]");
const blankReply = desk.querySelector("[data-blank-reply]");
const listOf = (status) => desk.querySelector(`[data-column="${CSS.escape(status)}"] [data-cards]`);
const votesOf = (card) => Number(card.querySelector("[data-votes]").textContent);
const isPinned = (card) => Number(card.dataset.pinned === "true");
const byAge = (a, b) => a.dataset.asked.localeCompare(b.dataset.asked) || a.dataset.question - b.dataset.question;
const byVotes = (a, b) => isPinned(b) - isPinned(a) || votesOf(b) - votesOf(a) || byAge(a, b);

const movers = [];
export const onMove = (fn) => { movers.push(fn); };

const create = (question) => {
  const card = blank.content.firstElementChild.cloneNode(true);
  const address = `${home}/questions/${question.id}`;
  card.id = `question-${question.id}`;
  card.dataset.question = question.id;
  card.dataset.asked = question.asked_at;
  card.querySelector("[data-clock]").textContent = question.asked;
  for (const button of card.querySelectorAll("[data-act]")) button.formAction = `${address}/${button.dataset.act}`;
  for (const link of card.querySelectorAll("[data-open]")) link.href = `${address}#${link.dataset.open}`;
  return card;
};

const mark = (card, name, isShown, text) => {
  const badge = card.querySelector(`[data-mark="${name}"]`);
  badge.hidden = !isShown;
  if (text !== undefined) badge.textContent = text;
};
const drawMarks = (card, question) => {
  mark(card, "pinned", question.pinned);
  mark(card, "blocked", question.blocked);
  mark(card, "silenced", question.silenced);
  mark(card, "unseen", question.desk_name && !question.author);
  mark(card, "edited", question.edited);
  mark(card, "merged", question.merged_count, `${desk.dataset.sayMerged} ${question.merged_count}`);
  mark(card, "label", question.label, question.label);
  mark(card, "speaker", question.speaker, question.speaker_name);
  mark(card, "item", question.item, question.item_title);
};

const createReply = (reply) => {
  const line = blankReply.content.firstElementChild.cloneNode(true);
  line.dataset.reply = reply.id;
  line.dataset.kind = reply.kind;
  for (const button of line.querySelectorAll("[data-reply-act]")) button.formAction = `${home}/replies/${reply.id}/${button.dataset.replyAct}`;
  line.querySelector("[data-reply-change]").href = `${home}/replies/${reply.id}/change`;
  return line;
};
const drawReplies = (card, replies) => {
  const list = card.querySelector("[data-replies]");
  const present = new Map([...list.children].map((line) => [Number(line.dataset.reply), line]));
  for (const reply of replies) {
    const line = present.get(reply.id) ?? createReply(reply);
    present.delete(reply.id);
    line.dataset.status = reply.status;
    line.querySelector("[data-reply-author]").textContent = reply.author;
    line.querySelector("[data-reply-written]").textContent = reply.written;
    line.querySelector("[data-reply-text]").textContent = reply.text;
    if (!line.parentElement) list.append(line);
  }
  for (const line of present.values()) line.remove();
};

const fill = (card, question) => {
  Object.assign(card.dataset, {
    status: question.status, revision: question.revision, pinned: question.pinned, silenced: question.silenced,
    label: question.label, speaker: question.speaker ?? "", itemOf: question.item ?? "", original: question.original_text,
  });
  card.querySelector(".question-text").textContent = question.text;
  card.querySelector("[data-author]").textContent = question.desk_name || question.author || desk.dataset.anonymous;
  card.querySelector("[data-votes]").textContent = question.votes;
  drawMarks(card, question);
  drawReplies(card, question.replies);
};

const put = (question) => {
  const list = listOf(question.status);
  const known = find(question.id);
  if (!list && !known) return;
  const card = known ?? create(question);
  const hadFocus = card.contains(document.activeElement);
  const hasMoved = card.parentElement !== list;
  fill(card, question);
  if (!hasMoved) return;
  for (const fn of movers) fn(card, question, hadFocus);
  if (list) list.append(card);
  else card.remove();
  if (hadFocus && list) card.focus({ preventScroll: true });
};

// Who is silenced may change without the question's own revision, so as much of it as doesn't go back is taken.
const hear = (question) => { if (newest.note(question.id, question.revision)) put(question); };

const draw = () => {
  for (const list of desk.querySelectorAll("[data-cards]")) {
    const status = list.closest("[data-column]").dataset.column;
    arrange(list, [...list.children].sort(status === "pending" ? byAge : byVotes));
    for (const count of desk.querySelectorAll(`[data-count="${status}"]`)) count.textContent = list.children.length;
  }
};

for (const card of desk.querySelectorAll("[data-question]")) newest.note(Number(card.dataset.question), Number(card.dataset.revision));
on("question", hear);
on("votes", (news) => {
  const card = find(news.id);
  if (card && newest.isNews(news.id, news.revision)) card.querySelector("[data-votes]").textContent = news.votes;
});
onState((state) => { for (const question of state.questions) hear(question); });
onSettled(draw);
