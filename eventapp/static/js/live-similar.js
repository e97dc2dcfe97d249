// Shows what others asked already while somebody types, each with a button to vote for it instead.
const box = document.querySelector("[data-similar]");
const PAUSE = 450;
const LEAST = 8;

const start = (area) => {
  const list = box.querySelector("[data-similar-list]");
  const said = box.querySelector("[data-similar-said]");
  let timer, asking, last = "";

  const voteButton = (id) => document.querySelector(`[data-list] [data-question="${CSS.escape(id)}"] [data-vote]`);
  const hasVoted = (id) => voteButton(id)?.getAttribute("aria-pressed") === "true";
  const show = (button, id) => {
    const voted = hasVoted(id);
    button.textContent = voted ? box.dataset.sayVoted : box.dataset.sayVote;
    button.disabled = voted || !voteButton(id) || voteButton(id).disabled;
  };

  const row = ({ id, text }) => {
    const item = document.createElement("li");
    const words = Object.assign(document.createElement("span"), { textContent: text, dir: "auto", id: `similar-${id}` });
    const button = Object.assign(document.createElement("button"), { type: "button", className: "button button-secondary button-small" });
    button.setAttribute("aria-describedby", words.id);
    show(button, id);
    button.addEventListener("click", () => { voteButton(id)?.click(); show(button, id); });
    item.append(words, button);
    return item;
  };

  const draw = (found) => {
    list.replaceChildren(...found.map(row));
    const was = box.hidden;
    box.hidden = !found.length;
    if (was && found.length) said.textContent = box.dataset.sayFound;
    if (!found.length) said.textContent = "";
  };

  const look = async () => {
    const text = area.value.trim();
    if (text === last) return;
    last = text;
    asking?.abort();
    if (text.length < LEAST) return draw([]);
    asking = new AbortController();
    try {
      const answer = await fetch(`${box.dataset.similar}?q=${encodeURIComponent(text)}`, {
        headers: { Accept: "application/json" }, signal: asking.signal,
      });
      if (answer.ok && !answer.redirected) draw((await answer.json()).similar);
    } catch { /* a help that can do without the network */ }
  };

  const lookSoon = () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); };
  area.addEventListener("input", lookSoon);
  area.form.addEventListener("reset-similar", () => { clearTimeout(timer); last = ""; asking?.abort(); draw([]); });
};

const area = box?.closest("form").elements.text;
if (area) start(area);
