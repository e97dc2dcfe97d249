// <form data-upload>: sends its file with a bar that shows how far it is. The answer is JSON: {href} or {error}.
const form = document.querySelector("[data-upload]");
const progress = form?.querySelector("[data-upload-progress]");
const status = form?.querySelector("[data-upload-status]");
const complaint = form?.querySelector("[data-upload-error]");

const complain = (text) => {
  complaint.textContent = text;
  complaint.hidden = false;
  progress.hidden = true;
  form.querySelector("[type=submit]").disabled = false;
};

const answer = (request) => {
  let told = {};
  try { told = JSON.parse(request.responseText); } catch { /* Not ours: a proxy's page. */ }
  if (told.href) {
    removeEventListener("beforeunload", warn);
    location.assign(told.href);
  } else complain(told.error || form.dataset.failed);
};

const warn = (event) => event.preventDefault();

form?.addEventListener("submit", (event) => {
  if (!form.querySelector("[type=file]").files.length) return;
  event.preventDefault();
  const request = new XMLHttpRequest();
  const bar = progress.querySelector("progress");
  complaint.hidden = true;
  progress.hidden = false;
  form.querySelector("[type=submit]").disabled = true;
  addEventListener("beforeunload", warn);
  request.upload.addEventListener("progress", ({ loaded, total }) => {
    const percent = Math.floor((loaded / total) * 100);
    bar.value = percent;
    status.textContent = percent < 100 ? status.dataset.sending.replace("{percent}", percent) : status.dataset.checking;
  });
  request.addEventListener("load", () => answer(request));
  request.addEventListener("error", () => complain(form.dataset.failed));
  request.addEventListener("loadend", () => removeEventListener("beforeunload", warn));
  request.open("POST", form.action);
  request.setRequestHeader("Accept", "application/json");
  request.send(new FormData(form));
});
