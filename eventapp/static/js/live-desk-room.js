// How the room takes questions: what a colleague sets is shown at once, and only what was changed here is sent.
import { on, onState } from "./live-stream.js";
import { act, desk } from "./live-desk-acts.js";
import { onPageKey } from "./live-desk-keys.js";

const panel = desk.querySelector("[data-room]");
const more = panel.querySelector("[data-room-more]");
const form = panel.querySelector("[data-room-form]");
const said = panel.querySelector("[data-room-said]");
const fields = [...form.querySelectorAll("input:not([type=hidden]), textarea")];
const valueOf = (field) => (field.type === "checkbox" ? (field.checked ? "1" : "0") : field.value);
const known = new Map();
const note = (field) => known.set(field.name, valueOf(field));
const isChanged = (field) => valueOf(field) !== known.get(field.name);
fields.forEach(note);

const draw = (room) => {
  if (room.revision < Number(panel.dataset.revision)) return;
  panel.dataset.revision = room.revision;
  for (const line of panel.querySelectorAll("[data-switch]")) line.dataset.on = String(room[line.dataset.switch]);
  for (const field of fields) {
    if (isChanged(field) && field.closest(":focus-within")) continue;
    if (field.type === "checkbox") field.checked = room[field.name];
    else field.value = room[field.name];
    note(field);
  }
};

panel.querySelector("[data-room-switches]").addEventListener("submit", (event) => {
  event.preventDefault();
  const button = event.submitter;
  const body = new FormData();
  body.set(button.name, button.value);
  act(event.target.action, { body }).then(() => {
    // The button that was pressed has given way to the other one.
    if (!button.checkVisibility()) button.parentElement.querySelector(`button:not([value="${button.value}"])`).focus();
  });
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = new FormData();
  for (const field of fields) if (isChanged(field)) body.set(field.name, valueOf(field));
  said.textContent = "";
  for (const field of fields) if (body.has(field.name)) note(field);
  const isDone = await act(form.action, { body, sayIn: said });
  if (isDone) { more.open = false; more.querySelector("summary").focus(); }
});
onPageKey("k", () => {
  more.open = true;
  more.scrollIntoView({ block: "nearest" });
  fields[0].focus();
});

on("room", draw);
onState((state) => draw(state.room));
