// Keeps a page in step with its webinar: one event stream, opened again after every break with a random wait, so that
// a thousand phones don't come back at once. Where news may be missing, the page's state is fetched whole.
//   on(kind, hear)      each news of that kind          onState(take)   a whole state
//   onSettled(draw)     after a batch of news, or a state, has reached everyone
//   follow(root)        starts it, once for a page; root carries data-stream, data-after, data-state
const SILENCE = 50_000;
const LONGEST_WAIT = 15_000;
const spread = (milliseconds) => milliseconds * (0.5 + Math.random());

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
  let source, timer, watch, failures = 0, openings = 0, isOutdated = false;
  // News heard while a state is on its way may be newer than that state, so it waits for it.
  let statesUnderWay = 0, held = [];

  const tell = (key) => { if (line) { line.textContent = line.dataset[key]; line.dataset.is = key; } };

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
  const takeState = async () => {
    const answer = await fetch(root.dataset.state, {
      cache: "no-cache", headers: { Accept: "application/json" }, signal: AbortSignal.timeout(LONGEST_WAIT),
    });
    if (!answer.ok) throw new Error(answer.status);
    if (answer.redirected) return location.reload();
    const state = await answer.json();
    ({ stream, after } = state);
    isOutdated = false;
    handState(state);
  };
  const resync = () => { setTimeout(() => fetchState().catch(() => {}), spread(400)); };

  const retry = () => {
    source?.close();
    clearTimeout(timer);
    clearTimeout(watch);
    failures += 1;
    if (failures > 1) tell("sayLost");
    timer = setTimeout(open, spread(Math.min(30_000, 500 * 2 ** failures)));
  };
  // The permit in the address has ended: the state brings a new one.
  const renew = () => {
    source?.close();
    clearTimeout(watch);
    isOutdated = true;
    timer = setTimeout(open, spread(1000));
  };
  // A stream that was refused, not interrupted, isn't tried again under its old address.
  const onBreak = () => {
    isOutdated ||= source.readyState === EventSource.CLOSED;
    retry();
  };
  const noteLife = () => { clearTimeout(watch); watch = setTimeout(retry, SILENCE); };

  const open = async () => {
    const opening = openings += 1;
    clearTimeout(timer);
    source?.close();
    if (isOutdated || failures > 2) {
      const isFetched = await fetchState().then(() => true, () => false);
      // Whoever comes back to the page meanwhile has begun anew.
      if (opening !== openings) return;
      if (!isFetched) return retry();
    }
    source = new EventSource(`${stream}&after=${encodeURIComponent(after)}`);
    noteLife();
    source.onopen = () => { failures = 0; tell("sayOpen"); noteLife(); };
    source.onerror = onBreak;
    source.onmessage = (event) => { noteLife(); after = event.lastEventId; hear(JSON.parse(event.data)); };
    source.addEventListener("beat", noteLife);
    source.addEventListener("reset", resync);
    source.addEventListener("farewell", retry);
    source.addEventListener("renew", renew);
  };

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && source?.readyState !== EventSource.OPEN) open();
  });
  addEventListener("pagehide", () => { source?.close(); clearTimeout(timer); clearTimeout(watch); });
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
