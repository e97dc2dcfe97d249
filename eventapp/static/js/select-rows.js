// A form with data-select-rows: data-select-page ticks every row, data-select-everything stands for all that match, and
// data-select-count="{number} ticked" says how many there are.
for (const form of document.querySelectorAll("[data-select-rows]")) {
  const rows = [...form.querySelectorAll('input[name="id"]')];
  const page = form.querySelector("[data-select-page]");
  const everything = form.querySelector("[data-select-everything]");
  const count = form.querySelector("[data-select-count]");
  const buttons = form.querySelectorAll('button[name="do"]');

  const update = () => {
    const ticked = rows.filter((row) => row.checked).length;
    const isAll = everything?.checked ?? false;
    page.checked = isAll || ticked === rows.length;
    page.indeterminate = !page.checked && ticked > 0;
    for (const row of rows) row.disabled = isAll;
    count.textContent = isAll || !ticked ? "" : count.dataset.selectCount.replace("{number}", ticked);
    for (const button of buttons) button.disabled = !isAll && !ticked;
  };

  form.querySelector("[data-select-line]").hidden = false;
  form.addEventListener("change", ({ target }) => {
    if (target === page) {
      for (const row of rows) row.checked = page.checked;
      if (everything && !page.checked) everything.checked = false;
    }
    update();
  });
  window.addEventListener("pageshow", update);
  update();
}
