// data-copy="text" copies it; data-copied="Copied" is what the button says for a moment afterwards.
const waits = new WeakMap();

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector("span") ?? button;
  const before = waits.get(button)?.before ?? label.textContent;
  clearTimeout(waits.get(button)?.timer);
  label.textContent = button.dataset.copied ?? before;
  label.setAttribute("role", "status");
  waits.set(button, { before, timer: setTimeout(() => { label.textContent = before; waits.delete(button); }, 2000) });
});
