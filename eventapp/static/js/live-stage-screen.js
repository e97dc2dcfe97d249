// The stage as a screen that hangs there for days: full screen, awake, and nothing but what is on it.
const IDLE = 4_000;
const button = document.querySelector("[data-full-screen]");
let quiet, lock;

const toggle = () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
};

if (document.fullscreenEnabled) {
  button.hidden = false;
  button.addEventListener("click", toggle);
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "f" || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    toggle();
  });
}

// A browser lets go of the lock whenever the page is out of sight; one that has none leaves it to the system.
const stayAwake = async () => {
  if (document.visibilityState !== "visible" || (lock && !lock.released)) return;
  lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
};
addEventListener("visibilitychange", stayAwake);
stayAwake();

const rest = () => {
  document.body.classList.remove("is-idle");
  clearTimeout(quiet);
  quiet = setTimeout(() => document.body.classList.add("is-idle"), IDLE);
};
for (const moved of ["pointermove", "pointerdown", "keydown"]) addEventListener(moved, rest);
document.body.classList.add("is-idle");
