// form[data-words]: shows what is being written in the frame that its preview buttons fill, a moment after each pause;
// with data-words="changed" at once, since the frame shows what is saved.
// Each time a new frame takes the old one's place, so that "back" doesn't walk through every version.
const PAUSE = 600;

for (const form of document.querySelectorAll("form[data-words]")) {
  let button = form.querySelector("[data-preview]");
  let timer;

  const renewFrame = () => {
    const frame = document.querySelector(`iframe[name="${button.formTarget}"]`);
    const next = frame.cloneNode();
    next.removeAttribute("src");
    frame.replaceWith(next);
  };

  form.addEventListener("input", (event) => {
    if (event.target.matches("[type=hidden]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => form.requestSubmit(button), PAUSE);
  });

  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (!event.submitter?.matches("[data-preview]")) return;
    button = event.submitter;
    renewFrame();
  });

  if (form.dataset.words === "changed") form.requestSubmit(button);
}
