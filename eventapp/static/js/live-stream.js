// Keeps a page in step with its webinar: one event stream, opened again after every break with a random wait, so that
// a thousand phones don't come back at once. Where news may be missing, the page's state is fetched whole.
//   on(kind, hear)      each news of that kind          onState(take)   a whole state
//   onSettled(draw)     after a batch of news, or a state, has reached everyone
//   follow(root)        starts it, once for a page; root carries data-stream, data-after, data-state
const SILENCE = 50_000;
const LONGEST_FETCH = 15_000;
const LONGEST_BACKOFF = 5_000;
const PAUSE_IF_FULL = 30_000;
const spread = (milliseconds) => milliseconds * (0.5 + Math.random());

// Ids are "milliseconds-number", and rise.
const isLater = (id, than) => {
  const [[a, b], [c, d]] = [id, than].map((text) => text.split("-").map(Number));
  return a > c || (a === c && b > d);
};

export const post = async (url, body) => {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const answer = await fetch(url, { method: "POST", body, headers: { "X-CSRFToken": token, Accept: "application/json" } });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok || answer.redirected) throw Object.assign(new Error("refused"), { said: said.error });
  return said;
};

const hearers = new Map(), takers = [], drawers = [];
export const on = (kind, hear) => { hearers.set(kind, [...hearers.get(kind) ?? [], hear]); };
export const onState = (take) => { takers.push(take); };
export const onSettled = (draw) => { drawers.push(draw); };

// One that fails keeps none of the others from hearing.
const tellAll = (those, ...what) => {
  for (const each of those) {
    try { each(...what); } catch (error) { console.error(error); }
  }
};
const handNews = (all) => {
  for (const news of all) tellAll(hearers.get(news.kind) ?? [], news);
  tellAll(drawers);
};
// Also for a state that came as the answer to a POST.
export const handState = (state) => { tellAll(takers, state); tellAll(drawers); };

// Every module of the page has said by then what it hears.
const isReady = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  for (const moment of ["DOMContentLoaded", "load"]) addEventListener(moment, resolve, { once: true });
});

let followed;
export const follow = (root) => followed ??= start(root);

const start = (root) => {
  const line = document.querySelector("[data-connection]");
  let { stream, after } = root.dataset;
  let source, timer, watch, failures = 0, openings = 0, isOutdated = false, wasRefused = false;
  // Over how long all who listen spread themselves when they come back at once; the server says it.
  let crowd = 0;
  let syncing, syncsAt = Infinity;
  // News heard while a state is on its way may be newer than that state, so it waits for it.
  let statesUnderWay = 0, held = [];

  const tell = (key) => { if (line) { line.textContent = line.dataset[key] ?? line.dataset.sayLost; line.dataset.is = key; } };

  const hear = (news) => { if (statesUnderWay) held.push(...news); else handNews(news); };
  const hearHeld = () => {
    const news = held;
    held = [];
    if (news.length) handNews(news);
  };

  const fetchState = async () => {
    statesUnderWay += 1;
    try {
      await takeState();
    } finally {
      statesUnderWay -= 1;
      if (!statesUnderWay) hearHeld();
    }
  };
  // The server keeps a state for a moment; the header asks for one that is no older than what was heard here.
  const takeState = async () => {
    const answer = await fetch(root.dataset.state, {
      cache: "no-cache", headers: { Accept: "application/json", "Last-Event-ID": after }, signal: AbortSignal.timeout(LONGEST_FETCH),
    });
    // The page itself says who may be here no more.
    if (answer.redirected || answer.status === 409) return location.reload();
    if (!answer.ok) throw new Error(answer.status);
    const state = await answer.json();
    stream = state.stream;
    if (isLater(state.after, after)) after = state.after;
    isOutdated = false;
    handState(state);
  };
  // Fetches the state after a random part of `within`; without it, what is shown would stay wrong, so it is made sure of.
  const resync = (within = 400) => {
    const wait = 200 + Math.random() * within;
    if (Date.now() + wait >= syncsAt) return;
    clearTimeout(syncing);
    syncsAt = Date.now() + wait;
    syncing = setTimeout(() => {
      syncsAt = Infinity;
      fetchState().catch(() => { isOutdated = true; retry(); });
    }, wait);
  };

  const leave = () => { source?.close(); clearTimeout(timer); clearTimeout(watch); };
  const comeBack = (wait) => { leave(); timer = setTimeout(open, wait); };
  const retry = () => {
    failures += 1;
    if (failures > 1) tell("sayLost");
    const backoff = Math.min(Math.max(LONGEST_BACKOFF, 2.5 * crowd), 500 * 2 ** failures);
    comeBack(Math.max(spread(backoff), Math.random() * crowd));
  };
  // The permit in the address has ended: the state brings a new one.
  const renew = () => { isOutdated = true; comeBack(spread(1000)); };
  // A stream that was refused, not interrupted, isn't tried again under its old address.
  const onBreak = () => {
    wasRefused = source.readyState === EventSource.CLOSED;
    isOutdated ||= wasRefused;
    retry();
  };
  // One person has the page open too often: this one rests until it is looked at.
  const rest = () => { leave(); tell("sayCrowded"); };
  const noteLife = () => { clearTimeout(watch); watch = setTimeout(retry, SILENCE); };
  const addressOfStream = () => `${stream}&after=${encodeURIComponent(after)}`;
  // An event stream doesn't say why it is refused.
  const isFull = async () => {
    const answer = await fetch(addressOfStream(), { method: "HEAD", signal: AbortSignal.timeout(LONGEST_FETCH) });
    return answer.status === 429;
  };

  const open = async () => {
    const opening = openings += 1;
    leave();
    if (isOutdated || failures > 2) {
      const isFetched = await fetchState().then(() => true, () => false);
      const isRefused = wasRefused && failures > 1 && isFetched && await isFull().catch(() => false);
      // Whoever comes back to the page meanwhile has begun anew.
      if (opening !== openings) return;
      if (isRefused) { isOutdated = true; tell("sayFull"); return comeBack(spread(PAUSE_IF_FULL)); }
      if (!isFetched) return retry();
    }
    source = new EventSource(addressOfStream());
    noteLife();
    source.onopen = () => { failures = 0; wasRefused = false; tell("sayOpen"); noteLife(); };
    source.onerror = onBreak;
    source.onmessage = (event) => { noteLife(); after = event.lastEventId; hear(JSON.parse(event.data)); };
    const hearSign = (name, take) => source.addEventListener(name, (event) => take(JSON.parse(event.data)));
    hearSign("beat", ({ wait }) => { noteLife(); crowd = wait ?? 0; });
    hearSign("present", (count) => tellAll(hearers.get("present") ?? [], { kind: "present", count }));
    hearSign("reset", (sign) => { after = sign.after ?? after; resync(sign.wait); });
    hearSign("farewell", ({ wait }) => comeBack(Math.random() * (wait ?? 1000)));
    hearSign("crowded", rest);
    hearSign("renew", renew);
  };

  const wake = () => { if (!document.hidden && source?.readyState !== EventSource.OPEN) open(); };
  document.addEventListener("visibilitychange", wake);
  addEventListener("focus", () => { if (line?.dataset.is === "sayCrowded") wake(); });
  addEventListener("online", () => open());
  addEventListener("offline", () => tell("sayLost"));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => { if (event.persisted) open(); });
  isReady.then(open);
  return { resync };
};

// Of several payloads about one thing the highest revision holds; also for what has gone.
export const keepNewest = () => {
  const seen = new Map();
  const newestOf = (id) => seen.get(id) ?? -1;
  const note = (id, revision) => {
    const isCurrent = revision >= newestOf(id);
    if (isCurrent) seen.set(id, revision);
    return isCurrent;
  };
  return { note, isNews: (id, revision) => revision > newestOf(id) && note(id, revision) };
};

// Reloads the page after a step of the webinar, spread over some seconds when many are watching.
export const reloadSoon = (seconds = 3) => setTimeout(() => location.reload(), 200 + Math.random() * seconds * 1000);

// Puts `items` of `list` in their order and slides those that move, unless the reader wants no motion.
export const arrange = (list, items) => {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const before = new Map(still ? [] : items.map((item) => [item, item.offsetTop]));
  const focused = document.activeElement;
  items.forEach((item, place) => { if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null); });
  if (list.contains(focused) && document.activeElement !== focused) focused.focus({ preventScroll: true });
  for (const [item, top] of before) {
    const by = top - item.offsetTop;
    if (by && !item.hidden) item.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], { duration: 260, easing: "ease-out" });
  }
};
