// Parts of a form that are there for some answers alone:
//   <div data-shown-if="name of a control" data-shown-value="value other-value" [data-is-met]>…</div>
// `data-is-met` says that the control has one of the values; CSS hides the part without it. A control in a part that
// isn't shown counts as empty. What was typed in a part stays there while it is hidden, and the server ignores it.

const isHidden = (element) => element.closest("[data-shown-if]:not([data-is-met])") !== null;

const hasValue = (control, values) => {
  const isTicked = !["checkbox", "radio"].includes(control.type) || control.checked;
  return isTicked && values.includes(control.value) && !isHidden(control);
};

// A part comes after the control that decides, so one look from top to bottom is enough.
const update = (form) => {
  for (const part of form.querySelectorAll("[data-shown-if]")) {
    const controls = form.querySelectorAll(`[name="${CSS.escape(part.dataset.shownIf)}"]`);
    const values = part.dataset.shownValue.split(" ");
    part.toggleAttribute("data-is-met", [...controls].some((control) => hasValue(control, values)));
  }
};

const updateAll = () => { for (const form of document.forms) update(form); };

document.addEventListener("change", ({ target }) => { if (target.form) update(target.form); });
// A browser that goes back puts earlier answers in after this has run.
addEventListener("pageshow", updateAll);
updateAll();
