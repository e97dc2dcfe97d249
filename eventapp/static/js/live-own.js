// One's own question: changing its words in their place, and withdrawing it with a second press.
import { post } from "./live-stream.js";

const SURE = 4_000;

export const startOwn = ({ root, list, onChanged, onWithdrawn }) => {
  if (!list) return;
  const blank = root.querySelector("[data-blank-writing]");

  const write = (item, link) => {
    const acts = item.querySelector("[data-own-acts]");
    const text = item.querySelector(".question-text");
    const writing = blank.content.firstElementChild.cloneNode(true);
    const area = writing.querySelector("textarea");
    const said = writing.querySelector("[data-writing-said]");
    const leave = () => { writing.remove(); acts.hidden = false; text.hidden = false; link.focus(); };
    const save = async () => {
      try {
        const body = new FormData();
        body.append("text", area.value);
        const answer = await post(link.href, body);
        leave();
        onChanged({ ...answer.question, mine: true, own: true });
      } catch (error) {
        said.textContent = error.said ?? root.dataset.failed;
      }
    };
    area.value = text.textContent;
    writing.querySelector("[data-save]").addEventListener("click", save);
    writing.querySelector("[data-leave]").addEventListener("click", leave);
    writing.addEventListener("keydown", (event) => { if (event.key === "Escape") leave(); });
    acts.hidden = text.hidden = true;
    acts.before(writing);
    area.focus();
  };

  const withdraw = async (item, button) => {
    const label = button.querySelector("span");
    if (button.dataset.sure === undefined) {
      const before = label.textContent;
      button.dataset.sure = "";
      label.textContent = root.dataset.sure;
      setTimeout(() => { delete button.dataset.sure; label.textContent = before; }, SURE);
      return;
    }
    try {
      const answer = await post(button.formAction);
      onWithdrawn(answer.id, answer.revision);
    } catch (error) {
      label.textContent = error.said ?? root.dataset.failed;
    }
  };

  list.addEventListener("click", (event) => {
    const change = event.target.closest("[data-change]");
    const button = event.target.closest("[data-withdraw]");
    if (!change && !button) return;
    event.preventDefault();
    const item = event.target.closest("[data-question]");
    if (change) write(item, change);
    else withdraw(item, button);
  });
};
