// Keeps what somebody asked, wrote or voted until the server has it: in this browser, for this webinar, in order.
//   const outbox = openOutbox({ key, who, onChange })      who: whom the page was made for, as its data-who says
//   await outbox.send(entry)      entry: { kind, url, fields, text } or, for a vote, { kind: "vote", question, url, wish }
//     → { is: "sent", answer } | { is: "kept" } | { is: "refused", said, answer }
//   outbox.kept                   what waits, outbox.wishOf(id) the last wish about a vote, outbox.discard(id)
//   onChange({ sent, refused })   after each step; `sent` are entries that had to wait, with their answers
// What somebody else wrote in this browser is neither shown nor sent: `key` has whom it was written as.
// Each entry is written down before it is sent, and a question carries its submission key: sent twice it stays one.
const SOON = 4_000;
const LATER = [408, 425, 429, 500, 502, 503, 504];

const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const meta = () => document.querySelector("meta[name=csrf-token]");

const formOf = (fields = {}) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.delete("csrf_token");
  return form;
};

// A form's token ends after some hours: the page as it is now has a fresh one.
// Whoever has come in as somebody else meanwhile sends nothing of the page's owner: it waits for them.
const renewToken = async (who) => {
  const page = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
  const read = new DOMParser().parseFromString(await page.text(), "text/html");
  const fresh = read.querySelector("[data-room]")?.dataset.who === who ? read.querySelector("meta[name=csrf-token]") : null;
  if (fresh) meta().content = fresh.content;
  return Boolean(fresh);
};

const post = (url, fields) => fetch(url, {
  method: "POST", body: formOf(fields), headers: { "X-CSRFToken": meta().content, Accept: "application/json" }, signal: AbortSignal.timeout(15_000),
});

const deliver = async ({ url, fields }, who) => {
  try {
    let answer = await post(url, fields);
    if (answer.status === 400) {
      if (!await renewToken(who)) return { is: "kept" };
      answer = await post(url, fields);
    }
    if (LATER.includes(answer.status)) return { is: "kept" };
    const said = await answer.json().catch(() => ({}));
    if (answer.ok && !answer.redirected) return { is: "sent", answer: said };
    return said.wait ? { is: "refused", said: said.error, answer: said, wait: said.wait } : { is: "refused", said: said.error, answer: said };
  } catch {
    return { is: "kept" };
  }
};

export const openOutbox = ({ key, who, onChange }) => {
  // Without storage (a private window) it holds as long as the page does.
  let memory = [];
  const read = () => {
    try { memory = JSON.parse(localStorage.getItem(key) ?? "[]"); } catch { /* what is in memory holds */ }
    return Array.isArray(memory) ? memory : [];
  };
  const write = (entries) => {
    memory = entries;
    try {
      if (entries.length) localStorage.setItem(key, JSON.stringify(entries));
      else localStorage.removeItem(key);
    } catch { /* the same */ }
  };
  const change = (id, values) => write(read().map((entry) => (entry.id === id ? { ...entry, ...values } : entry)));
  const discard = (id) => { write(read().filter((entry) => entry.id !== id)); onChange({}); };
  const waiting = () => read().filter((entry) => !entry.refused);

  const heard = new Map();
  const answerTo = (entry, outcome) => { heard.get(entry.id)?.(outcome); heard.delete(entry.id); };
  let timer, pauseEnds = 0, isBusy = false, isWanted = false;

  const keepAll = () => {
    for (const each of waiting()) { change(each.id, { hasWaited: true }); answerTo(each, { is: "kept" }); }
    onChange({});
  };

  const sendFirst = async (entry) => {
    const outcome = await deliver(entry, who);
    if (outcome.is === "kept") {
      keepAll();
      return false;
    }
    // Slow mode: what waited goes on waiting; what is sent now is the sender's to send again.
    if (outcome.wait && entry.hasWaited) {
      pauseEnds = Date.now() + outcome.wait * 1000;
      return false;
    }
    const isLast = read().find((each) => each.id === entry.id)?.url === entry.url;
    // A vote that was changed meanwhile is sent once more.
    if (!isLast) return true;
    const isLost = outcome.is === "refused" && entry.hasWaited && entry.text;
    if (isLost) change(entry.id, { refused: outcome.said ?? "" });
    else write(read().filter((each) => each.id !== entry.id));
    answerTo(entry, outcome);
    onChange(entry.hasWaited ? { [outcome.is]: { ...entry, ...outcome } } : {});
    return true;
  };

  // Another tab may have come in as somebody else since these words were written.
  const isStillTheirs = async () => {
    if (!waiting().some((entry) => entry.hasWaited)) return true;
    try { return await renewToken(who); } catch { return false; }
  };

  const flush = async () => {
    if (isBusy) { isWanted = true; return; }
    isBusy = true;
    clearTimeout(timer);
    let entry, isGood = await isStillTheirs();
    if (!isGood) keepAll();
    do {
      isWanted = false;
      while (isGood && (entry = waiting()[0])) isGood = await sendFirst(entry);
    } while (isGood && isWanted);
    isBusy = false;
    if (waiting().length && !isGood) timer = setTimeout(flush, Math.max(SOON * (1 + Math.random()), pauseEnds - Date.now()));
  };

  const send = (entry) => {
    const made = { id: newId(), ...entry };
    const before = read();
    const same = entry.kind === "vote" && before.find((each) => each.kind === "vote" && each.question === entry.question);
    if (same) change(same.id, { url: entry.url, wish: entry.wish });
    else write([...before, made]);
    const id = same ? same.id : made.id;
    return new Promise((resolve) => {
      heard.get(id)?.({ is: "replaced" });
      heard.set(id, resolve);
      flush();
    });
  };

  addEventListener("online", flush);
  addEventListener("storage", (event) => { if (event.key === key) onChange({}); });
  const wishOf = (question) => waiting().find((entry) => entry.kind === "vote" && entry.question === question)?.wish;
  if (waiting().length) { write(read().map((entry) => ({ ...entry, hasWaited: true }))); }
  return { send, flush, discard, wishOf, newId, get kept() { return read(); } };
};
