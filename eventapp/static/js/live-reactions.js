// Reactions: counts that rise, and a few signs that float up with them, unless the reader wants no motion. One's own
// show at once and are sent together, five at most every two seconds: a long applause of many is few requests.
import { on, onState, post } from "./live-stream.js";

const SECONDS_BETWEEN_POSTS = 2;
const MOST_AT_ONCE = 5;
const MOST_FLOATING = 24;
const MOST_OF_ONE_PUSH = 5;
const isStill = matchMedia("(prefers-reduced-motion: reduce)");

const start = (root) => {
  const counts = JSON.parse(root.dataset.reactions);
  const waiting = {}, own = {};
  let revision = Object.values(counts).reduce((sum, count) => sum + count, 0);
  let timer, quietUntil = 0;

  const partOf = (kind) => root.querySelector(`[data-kind="${CSS.escape(kind)}"]`);
  const showCount = (kind) => {
    const place = partOf(kind)?.querySelector("[data-count]");
    if (place) place.textContent = counts[kind] + (waiting[kind] ?? 0);
  };

  const float = (kind) => {
    const floats = root.querySelector("[data-floats]");
    const sign = partOf(kind)?.querySelector("[data-sign] > *");
    if (!floats || !sign || isStill.matches || document.hidden || floats.children.length >= MOST_FLOATING) return;
    const item = document.createElement("span");
    item.append(sign.cloneNode(true));
    item.className = "reaction-float";
    item.dataset.of = kind;
    const button = partOf(kind);
    const from = button.offsetWidth ? button.offsetLeft + button.offsetWidth / 2 : Math.random() * floats.clientWidth;
    item.style.left = `${from}px`;
    floats.append(item);
    const drift = `${(Math.random() - 0.5) * 4}em`;
    const rise = item.animate([
      { transform: "translate(-50%, 0) scale(.6)", opacity: 0 },
      { transform: `translate(calc(-50% + ${drift} / 3), -30%) scale(1)`, opacity: 1, offset: 0.15 },
      { transform: `translate(calc(-50% + ${drift}), calc(-1 * var(--rise))) scale(1.1)`, opacity: 0 },
    ], { duration: 2200 + Math.random() * 900, easing: "ease-out" });
    rise.onfinish = () => item.remove();
  };
  const floatSome = (kind, count) => {
    for (let number = 0; number < Math.min(count, MOST_OF_ONE_PUSH); number += 1) setTimeout(float, number * 60 + Math.random() * 200, kind);
  };

  // Of all pages' counts the highest holds. One's own have floated already.
  const take = (news, total) => {
    if (total <= revision) return;
    revision = total;
    for (const [kind, count] of Object.entries(news)) {
      const added = count - (counts[kind] ?? 0);
      const known = Math.min(added, own[kind] ?? 0);
      own[kind] = (own[kind] ?? 0) - known;
      counts[kind] = count;
      floatSome(kind, added - known);
      showCount(kind);
    }
  };
  on("reactions", (news) => take(news.counts, news.revision));
  onState((state) => take(state.reactions, Object.values(state.reactions).reduce((sum, count) => sum + count, 0)));

  const sendNext = async () => {
    timer = undefined;
    const kind = Object.keys(waiting).find((each) => waiting[each] > 0);
    if (!kind) return;
    const count = Math.min(waiting[kind], MOST_AT_ONCE);
    timer = setTimeout(sendNext, SECONDS_BETWEEN_POSTS * 1000);
    waiting[kind] -= count;
    own[kind] = (own[kind] ?? 0) + count;
    try {
      await post(partOf(kind).formAction, new URLSearchParams({ count }));
    } catch {
      // Too many, or no connection: applause that comes late is none.
      own[kind] = Math.max(0, own[kind] - count);
      for (const each of Object.keys(waiting)) waiting[each] = 0;
      quietUntil = Date.now() + 5000;
    }
    showCount(kind);
  };

  root.querySelector("[data-react]")?.addEventListener("submit", (event) => {
    event.preventDefault();
    const { kind } = event.submitter.dataset;
    if (Date.now() < quietUntil || (waiting[kind] ?? 0) >= MOST_AT_ONCE) return;
    waiting[kind] = (waiting[kind] ?? 0) + 1;
    showCount(kind);
    float(kind);
    if (!timer) sendNext();
  });
};

for (const root of document.querySelectorAll("[data-reactions]")) start(root);
