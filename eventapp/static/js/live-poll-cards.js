// Draws a poll into its card, at the places that templates/polls/parts.html marks: what is there stays and takes on the
// new counts, so that bars grow and a choice that isn't sent yet is kept. Used by the room, the desk and the stage.

// Of several payloads about one poll the highest revision holds. News without counts leaves those that the reader has
// been given apart from the others, as long as the poll goes on.
const withOwn = (known, older) => {
  const own = older.chosen?.length ? { chosen: older.chosen, words: older.words } : {};
  const results = !known.counts && older.counts && known.status === older.status
    ? { counts: older.counts, options: older.options, voters: older.voters, average: older.average } : {};
  return { ...known, ...own, ...results };
};

export const mergePoll = (known, news) => {
  if (!known) return news;
  if (news.revision < known.revision) return withOwn(known, news);
  const merged = { ...known, ...news };
  const keepsResults = news.counts === null && known.counts && known.chosen?.length
    && news.status === "open" && news.results === "voted" && known.status === "open";
  return keepsResults ? { ...merged, counts: known.counts, options: known.options, voters: known.voters, average: known.average } : merged;
};

const share = (votes, voters) => (voters ? Math.round((100 * votes) / voters) : 0);
const find = (list, id) => list.querySelector(`[data-option="${CSS.escape(id)}"]`);

const drawRows = (list, poll, blank) => {
  for (const option of poll.options) {
    let row = find(list, option.id);
    if (!row) {
      row = blank.content.firstElementChild.cloneNode(true);
      row.dataset.option = option.id;
      list.append(row);
    }
    row.querySelector("[data-option-text]").textContent = option.text;
    const control = row.querySelector("input");
    if (control && control.value !== String(option.id)) {
      Object.assign(control, { type: poll.type === "several" ? "checkbox" : "radio", value: option.id });
    }
    const votes = poll.counts?.[option.id] ?? 0;
    row.querySelector("[data-poll-votes]").textContent = votes;
    row.querySelector("[data-share]").textContent = share(votes, poll.voters);
    Object.assign(row.querySelector("[data-bar]"), { max: poll.voters || 1, value: votes });
  }
};

const drawCloud = (list, poll, blank, wordActs) => {
  const focused = list.contains(document.activeElement) ? document.activeElement.closest("[data-option]")?.dataset.option : undefined;
  const words = poll.options.map((option) => {
    const word = find(list, option.id) ?? blank.content.firstElementChild.cloneNode(true);
    word.dataset.option = option.id;
    word.dataset.size = option.size;
    word.toggleAttribute("data-hidden", Boolean(option.hidden));
    word.querySelector("[data-option-text]").textContent = option.text;
    word.querySelector("[data-poll-votes]").textContent = poll.counts?.[option.id] ?? 0;
    for (const button of word.querySelectorAll("[data-word-act]")) {
      button.formAction = `${wordActs}${poll.id}/words/${option.id}/${button.dataset.wordAct}`;
    }
    return word;
  });
  list.replaceChildren(...words);
  if (focused) [...find(list, focused)?.querySelectorAll("button") ?? []].find((button) => button.offsetParent)?.focus();
};

//   card: what has the places; poll: as the server describes it; parts: what has the blanks; wordActs: where a word's
//   buttons lead
export const drawPoll = (card, poll, { parts, wordActs = "" }) => {
  const before = card.dataset.kind;
  Object.assign(card.dataset, {
    poll: poll.id, kind: poll.type, status: poll.status, results: poll.results, shows: String(Boolean(poll.counts)),
  });
  card.toggleAttribute("data-voted", Boolean(poll.chosen?.length));
  card.querySelector("[data-poll-text]").textContent = poll.text;
  const rows = card.querySelector("[data-rows]"), cloud = card.querySelector("[data-cloud]");
  const present = new Set(poll.options.map((option) => String(option.id)));
  for (const item of rows.children) if (before !== poll.type || !present.has(item.dataset.option)) item.hidden = true;
  for (const item of [...rows.children]) if (item.hidden) item.remove();
  if (poll.type === "words") drawCloud(cloud, poll, parts.querySelector("[data-blank-word]"), wordActs);
  else drawRows(rows, poll, parts.querySelector("[data-blank-row]"));
  card.querySelector("[data-average]").textContent = poll.average ?? "";
  card.querySelector("[data-voters]").textContent = poll.voters ?? 0;
};
