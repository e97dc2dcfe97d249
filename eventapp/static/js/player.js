// Links with data-start (the agenda) or data-seek move the player; the entry that plays now is marked.
const find = (selector) => document.querySelector(selector);
const entries = [...document.querySelectorAll("[data-agenda] [data-start]")];
const video = find("[data-player]");
const share = find("[data-share]");
let frame = find("[data-frame]");
let current = find("[data-agenda] [aria-current]");
entries.sort((a, b) => a.dataset.start - b.dataset.start);

const show = (entry) => {
  const list = entry.closest("[data-keep-in-view]");
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const box = list.getBoundingClientRect();
  const { top, bottom } = entry.getBoundingClientRect();
  if (top < box.top || bottom > box.bottom) list.scrollTop += top - box.top - box.height / 3;
};

// What else follows the recording: each is called with the second that plays.
const followers = [];
export const follow = (hear) => { followers.push(hear); };

const mark = (seconds) => {
  for (const hear of followers) hear(seconds);
  if (share) share.dataset.copy = `${share.dataset.share}?t=${Math.floor(seconds)}${share.dataset.rest ?? ""}`;
  const playing = entries.findLast((entry) => entry.dataset.start <= seconds + 0.1);
  if (playing === current) return;
  current?.removeAttribute("aria-current");
  current = playing;
  if (!playing) return;
  playing.setAttribute("aria-current", "true");
  show(playing);
};

const play = (seconds) => {
  if (video) {
    video.currentTime = seconds;
    video.play().catch(() => {});
    return video;
  }
  // A copy, since a frame doesn't load anew when only the fragment of its address is another.
  const next = frame.cloneNode();
  next.src = frame.dataset.frame.replace("{start}", Math.floor(seconds));
  frame.replaceWith(next);
  return (frame = next);
};

// Plays from a second of the recording, for the page's other scripts.
export const seek = (seconds) => {
  if (!(video || frame)) return;
  play(seconds).scrollIntoView({ block: "nearest" });
  mark(seconds);
};
// The start of the entry so many places after the one that plays, or before it.
export const step = (by) => {
  const number = entries.indexOf(current) + by;
  if (entries[number]) seek(Number(entries[number].dataset.start));
};
export const recording = video;
export const toggle = () => (video?.paused ? video.play().catch(() => {}) : video?.pause());

addEventListener("click", (event) => {
  const link = event.target.closest("a[data-start], a[data-seek], [data-transcript] a");
  const isElsewhere = event.button || event.ctrlKey || event.metaKey || event.shiftKey;
  if (!link || isElsewhere || !(video || frame)) return;
  event.preventDefault();
  const seconds = Number(link.dataset.start ?? link.dataset.seek ?? new URLSearchParams(link.search).get("t"));
  seek(seconds);
  if (link.search) history.replaceState(null, "", link.search);
});

for (const name of ["timeupdate", "seeked"]) video?.addEventListener(name, () => mark(video.currentTime));
if (current) show(current);
