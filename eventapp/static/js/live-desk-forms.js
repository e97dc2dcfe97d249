// Editing, labelling, giving to somebody and answering, each in a dialog that opens with a key and saves with Ctrl+Enter.
// What was typed as an answer stays until it is sent.
import { onSettled } from "./live-stream.js";
import { act, desk, find, home } from "./live-desk-acts.js";
import { onKey } from "./live-desk-keys.js";

const KEYS = { e: "edit", l: "label", g: "assign", r: "answer" };
const drafts = new Map();
const dialogOf = (name) => desk.querySelector(`[data-dialog="${name}"]`);

const fillers = {
  edit: (form, card) => {
    const { original } = card.dataset;
    form.elements.text.value = card.querySelector(".question-text").textContent;
    form.querySelector("[data-original-note]").hidden = !original;
    form.querySelector("[data-original-text]").textContent = original;
  },
  label: (form, card) => { form.elements.label.value = card.dataset.label; },
  assign: (form, card) => {
    form.elements.speaker_id.value = card.dataset.speaker;
    form.elements.agenda_item_id.value = card.dataset.itemOf;
  },
  answer: (form, card) => {
    const draft = drafts.get(card.dataset.question) ?? { text: "", key: crypto.randomUUID() };
    drafts.set(card.dataset.question, draft);
    form.elements.text.value = draft.text;
    form.elements.submission_key.value = draft.key;
  },
};

export const openForm = (name, card) => {
  const dialog = dialogOf(name);
  const form = dialog.querySelector("form");
  dialog.dataset.of = card.dataset.question;
  form.action = `${home}/questions/${card.dataset.question}/${name}`;
  form.querySelector("[data-quote]").textContent = card.querySelector(".question-text").textContent;
  form.querySelector("[data-form-said]").textContent = "";
  fillers[name](form, card);
  dialog.showModal();
  const field = form.querySelector("textarea, input:not([type=hidden]), select");
  field.focus();
  if (name !== "answer") field.select?.();
};

const send = async (dialog, form) => {
  const save = form.querySelector("[type=submit]");
  if (save.disabled) return;
  save.disabled = true;
  const isDone = await act(form.action, { body: new FormData(form), sayIn: form.querySelector("[data-form-said]") });
  save.disabled = false;
  if (!isDone) return;
  if (dialog.dataset.dialog === "answer") drafts.delete(dialog.dataset.of);
  dialog.close();
};

for (const [key, name] of Object.entries(KEYS)) {
  const dialog = dialogOf(name);
  const form = dialog.querySelector("form");
  onKey(key, (card) => openForm(name, card));
  form.addEventListener("submit", (event) => { event.preventDefault(); send(dialog, form); });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
  });
  form.querySelector("[data-close]").addEventListener("click", () => dialog.close());
  // The card has the focus again, also where it has moved meanwhile.
  dialog.addEventListener("close", () => find(dialog.dataset.of)?.focus());
}
const answer = dialogOf("answer").querySelector("form");
answer.elements.text.addEventListener("input", () => {
  const draft = drafts.get(dialogOf("answer").dataset.of);
  if (draft) draft.text = answer.elements.text.value;
});

desk.addEventListener("click", (event) => {
  const link = event.target.closest("[data-open]");
  if (!link || !dialogOf(link.dataset.open) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openForm(link.dataset.open, link.closest("[data-question]"));
});

// The labels to choose from are those in use.
const labels = desk.querySelector("[data-labels]");
onSettled(() => {
  const used = new Set([...desk.querySelectorAll("[data-question]")].map((card) => card.dataset.label).filter(Boolean));
  labels.replaceChildren(...[...used].sort().map((label) => new Option(label, label)));
});
