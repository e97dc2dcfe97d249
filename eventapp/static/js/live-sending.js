// What leaves the room's page: questions and votes. Without a connection they wait in the outbox and are shown there.
import { openOutbox } from "./live-outbox.js";

const element = (name, values, ...children) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
};

export const startSending = ({ root, onAsked, onVoted, onNotVoted }) => {
  const form = root.querySelector("[data-ask]");
  const box = root.querySelector("[data-outbox]");
  const line = form?.querySelector("[data-said]");
  let counting;

  const say = (text, isBad = false) => {
    if (!line) return;
    line.textContent = text ?? "";
    line.classList.toggle("is-bad", isBad);
  };

  const countDown = (seconds) => {
    const button = form.querySelector("[type=submit]");
    const clock = form.querySelector("[data-wait-line]");
    const until = Date.now() + seconds * 1000;
    clearInterval(counting);
    const show = () => {
      const left = Math.ceil((until - Date.now()) / 1000);
      button.disabled = left > 0;
      clock.textContent = left > 0 ? clock.dataset.sayWait.replace("{seconds}", left) : "";
      if (left <= 0) clearInterval(counting);
    };
    show();
    counting = setInterval(show, 500);
  };

  const row = (entry) => {
    const words = element("p", { className: "outbox-text", textContent: entry.text, dir: "auto" });
    const discard = element("button", { type: "button", className: "button button-quiet button-small", textContent: box.dataset.sayDiscard });
    discard.addEventListener("click", () => outbox.discard(entry.id));
    if (entry.refused === undefined) return element("li", {}, words, discard);
    const why = element("p", { className: "field-error", textContent: `${box.dataset.sayRefused} ${entry.refused}` });
    const again = element("button", { type: "button", className: "button button-secondary button-small", textContent: box.dataset.sayAgain });
    again.addEventListener("click", () => { putBack(entry); outbox.discard(entry.id); });
    return element("li", {}, words, why, ...(form ? [again] : []), discard);
  };

  const putBack = (entry) => {
    const area = form.elements.text;
    area.value = [area.value, entry.text].filter(Boolean).join("\n");
    area.focus();
  };

  const draw = () => {
    if (!box) return;
    const kept = outbox.kept.filter((entry) => entry.hasWaited || entry.refused !== undefined);
    const texts = kept.filter((entry) => entry.text);
    const said = box.querySelector("[data-outbox-said]");
    const waits = kept.filter((entry) => entry.refused === undefined);
    box.querySelector("[data-outbox-list]").replaceChildren(...texts.map(row));
    box.querySelector(".outbox-title").hidden = !texts.length;
    const now = !waits.length ? "" : waits.some((entry) => entry.text) ? box.dataset.sayKept : box.dataset.sayVotes;
    if (said.textContent !== now) said.textContent = now;
    box.hidden = !kept.length;
  };

  const onChange = ({ sent, refused }) => {
    if (sent?.kind === "ask") { onAsked(sent.answer.question); say(box?.dataset.saySent); }
    if (sent?.kind === "vote") onVoted(sent.question, sent.answer);
    if (refused?.kind === "vote") onNotVoted(refused.question, refused.wish);
    draw();
  };
  const outbox = openOutbox({ key: `eventapp-outbox:${location.pathname}:${root.dataset.who}`, who: root.dataset.who, onChange });

  const ask = async () => {
    const fields = Object.fromEntries(new FormData(form));
    if (!fields.text.trim()) return form.elements.text.focus();
    const button = form.querySelector("[type=submit]");
    button.disabled = true;
    const outcome = await outbox.send({ kind: "ask", url: form.action, fields, text: fields.text.trim() });
    button.disabled = false;
    if (outcome.is === "refused") {
      say(outcome.said ?? root.dataset.failed, true);
      if (outcome.answer.wait) countDown(outcome.answer.wait);
      return;
    }
    form.elements.submission_key.value = outcome.answer?.submission_key ?? outbox.newId();
    form.elements.text.value = "";
    form.dispatchEvent(new Event("reset-similar"));
    if (outcome.is === "kept") return say("");
    if (outcome.answer.question) onAsked(outcome.answer.question);
    say(outcome.answer.said);
    if (outcome.answer.wait) countDown(outcome.answer.wait);
  };

  const vote = async (question, { url, wish }) => {
    const outcome = await outbox.send({ kind: "vote", question, url, wish });
    if (outcome.is === "sent") onVoted(question, outcome.answer);
    if (outcome.is !== "refused") return;
    onNotVoted(question, wish);
    document.querySelector("[data-connection]").textContent = outcome.said ?? root.dataset.failed;
  };

  let newestRoom = -1;
  const showRoom = (room) => {
    if (room.revision < newestRoom) return;
    newestRoom = room.revision;
    if (root.dataset.status === "published" && Boolean(root.dataset.openEarly) !== room.is_open_early) return location.reload();
    const closed = root.querySelector("[data-closed]");
    if (!form || !closed) return;
    closed.hidden = !room.is_closed;
    root.querySelector("[data-open]").hidden = room.is_closed;
    form.elements.shows_name_to_desk.value = room.shows_names_to_desk ? "1" : "";
    form.querySelector("[data-named-to-desk]").hidden = !room.shows_names_to_desk;
    form.querySelector("[data-named-to-nobody]").hidden = room.shows_names_to_desk;
  };

  form?.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  if (Number(form?.dataset.wait)) countDown(Number(form.dataset.wait));
  draw();
  return { vote, showRoom, wishOf: outbox.wishOf, flush: outbox.flush };
};
