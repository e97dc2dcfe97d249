// data-confirm="question" on a form asks before it is sent, with the answers data-confirm-yes="…" and
// data-confirm-no="…".
const element = (name, attributes, ...children) => {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children);
  return made;
};

const ask = ({ confirm, confirmYes, confirmNo, confirmDanger }) => new Promise((answer) => {
  const text = element("p", { className: "dialog-text", id: "dialog-question", textContent: confirm });
  const no = element("button", { className: "button button-secondary", value: "", textContent: confirmNo, autofocus: true });
  const kind = confirmDanger === undefined ? "primary" : "danger";
  const yes = element("button", { className: `button button-${kind}`, value: "yes", textContent: confirmYes });
  const form = element("form", { method: "dialog", className: "button-row" }, yes, no);
  const dialog = element("dialog", { className: "dialog" }, text, form);
  dialog.setAttribute("aria-labelledby", text.id);
  dialog.addEventListener("close", () => { dialog.remove(); answer(dialog.returnValue === "yes"); });
  document.body.append(dialog);
  dialog.showModal();
});

const agreed = new WeakSet();

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.dataset.confirm === undefined || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const sender = event.submitter;
  if (!(await ask(form.dataset))) return;
  agreed.add(form);
  form.requestSubmit(sender);
}, true);
