// The replay's page: keys, speed, going on where one stopped, and the transcript that follows and can be searched.
import { follow, recording, seek, step, toggle } from "./player.js";

const STEP = 5;
const LEAST = 15;
const NEAR_END = 20;
const clock = (seconds) => {
  const [hours, minutes, rest] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  return [...(hours ? [hours, String(minutes).padStart(2, "0")] : [minutes]), String(rest).padStart(2, "0")].join(":");
};

// -- the transcript -----------------------------------------------------------------------------
const list = document.querySelector("[data-transcript]");
const lines = [...(list?.querySelectorAll("a") ?? [])];
const starts = lines.map((line) => Number(new URLSearchParams(line.search).get("t")));
const search = document.querySelector("[data-transcript-search]");
let current;

const followTranscript = (seconds) => {
  const number = starts.findLastIndex((start) => start <= seconds + 0.1);
  if (lines[number] === current) return;
  current?.removeAttribute("aria-current");
  current = lines[number];
  current?.setAttribute("aria-current", "true");
  // Whoever reads or searches elsewhere in it isn't pulled away.
  if (!current || list.matches(":hover") || list.contains(document.activeElement) || search.querySelector("input").value) return;
  const { offsetTop, offsetHeight } = current.closest("li");
  if (offsetTop < list.scrollTop || offsetTop + offsetHeight > list.scrollTop + list.clientHeight) list.scrollTop = offsetTop - list.clientHeight / 3;
};

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const startSearch = () => {
  const field = search.querySelector("input");
  const found = search.querySelector("[data-transcript-found]");
  const texts = lines.map((line) => plain(line.textContent));
  let timer;
  const look = () => {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let count = 0;
    lines.forEach((line, number) => {
      const isShown = words.every((word) => texts[number].includes(word));
      line.closest("li").hidden = !isShown;
      count += isShown;
    });
    found.textContent = !words.length ? "" : count ? found.dataset.sayFound.replace("{count}", count) : found.dataset.sayNone;
  };
  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, 120); });
  field.addEventListener("keydown", (event) => { if (event.key === "Escape") { field.value = ""; look(); } });
};
if (lines.length) {
  follow(followTranscript);
  startSearch();
}

// -- the recording ------------------------------------------------------------------------------
const tools = document.querySelector("[data-player-tools]");
const key = tools && `eventapp-place:${tools.dataset.place}`;
const read = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
const write = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a private window forgets */ } };

const startTools = () => {
  const resume = tools.querySelector("[data-resume]");
  const speed = tools.querySelector("[data-speed]");
  const stopped = Number(read(key));
  if (stopped > LEAST && !new URLSearchParams(location.search).has("t")) {
    const label = resume.querySelector("[data-say]");
    label.textContent = label.dataset.say.replace("{time}", clock(stopped));
    resume.hidden = false;
    resume.addEventListener("click", () => { resume.hidden = true; seek(stopped); });
  }
  let kept = 0;
  recording.addEventListener("timeupdate", () => {
    const at = recording.currentTime;
    if (recording.paused || Math.abs(at - kept) < 5) return;
    kept = at;
    resume.hidden = true;
    write(key, at > recording.duration - NEAR_END ? 0 : Math.floor(at));
  });
  speed.addEventListener("change", () => { recording.playbackRate = Number(speed.value); });
};
if (recording && tools) startTools();

const captions = () => {
  const tracks = [...recording.textTracks].filter((track) => track.kind === "captions");
  const shown = tracks.findIndex((track) => track.mode === "showing");
  for (const track of tracks) track.mode = "disabled";
  if (tracks[shown + 1]) tracks[shown + 1].mode = "showing";
};
const fullScreen = () => (document.fullscreenElement ? document.exitFullscreen() : recording.requestFullscreen?.());
const move = (by) => { recording.currentTime = Math.min(Math.max(0, recording.currentTime + by), recording.duration || Infinity); };
const keys = {
  " ": toggle, k: toggle, ArrowLeft: () => move(-STEP), ArrowRight: () => move(STEP), ",": () => step(-1), ".": () => step(1),
  c: captions, f: fullScreen,
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "/" && search) {
    event.preventDefault();
    return search.querySelector("input").focus();
  }
  // A button or link in focus keeps the space bar; the video itself has its own keys.
  if (!recording || !keys[event.key] || event.target === recording) return;
  if (event.key === " " && event.target.closest("a, button, summary, label")) return;
  event.preventDefault();
  keys[event.key]();
});
