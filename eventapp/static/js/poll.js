// data-poll="address": the element is replaced by what the address answers, again and again while that has data-poll too.
// What no longer has it is done: then the page is loaded anew, since more on it may be different.
const PAUSE = 1500;
const LONGEST_PAUSE = 15_000;

const replace = async (part) => {
  const answer = await fetch(part.dataset.poll);
  if (!answer.ok || answer.redirected) throw new Error("no answer");
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const next = holder.content.firstElementChild;
  part.replaceWith(next);
  return next;
};

const follow = (part, pause = PAUSE) => {
  setTimeout(async () => {
    try {
      const next = document.hidden ? part : await replace(part);
      if (next.dataset.poll) follow(next);
      else location.reload();
    } catch {
      follow(part, Math.min(pause * 2, LONGEST_PAUSE));
    }
  }, pause);
};

document.querySelectorAll("[data-poll]").forEach((part) => follow(part));
