// Adds and takes out people of a group on the page itself; without this, the form's own buttons do it.
// data-group-most: how many rows there may be. The template's NUMBER is a row's, POSITION a person's.
const group = document.querySelector("[data-group]");
const people = group.querySelector("[data-group-people]");
const blank = group.querySelector("[data-group-blank]");
const addRow = group.querySelector("[data-group-add-row]");
const rows = () => [...people.querySelectorAll("[data-group-person]")];
const next = () => Math.max(-1, ...rows().map((row) => Number(row.querySelector("[name]").name.split("-")[1]))) + 1;

const fill = (html, number, position) => html.replaceAll("NUMBER", number).replaceAll("POSITION", position);

// Rows keep the names of their fields; what people read is counted anew.
const countAnew = () => {
  rows().forEach((row, index) => {
    const sample = document.createElement("template");
    sample.innerHTML = fill(blank.innerHTML, "", String(index + 2));
    for (const part of ["legend", "[data-group-remove]"]) {
      row.querySelector(part).innerHTML = sample.content.querySelector(part).innerHTML;
    }
  });
  addRow.hidden = rows().length >= Number(group.dataset.groupMost);
};

group.addEventListener("click", (event) => {
  const remove = event.target.closest("[data-group-remove]");
  if (remove) {
    event.preventDefault();
    remove.closest("[data-group-person]").remove();
    countAnew();
    (addRow.hidden ? people : addRow).querySelector("button, input").focus();
  } else if (event.target.closest("[data-group-add]")) {
    event.preventDefault();
    people.insertAdjacentHTML("beforeend", fill(blank.innerHTML, String(next()), String(rows().length + 2)));
    countAnew();
    rows().at(-1).querySelector("input").focus();
  }
});
