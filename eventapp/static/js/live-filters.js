// By what the room's list is narrowed: a part of the agenda or a label; its links follow what the questions have.
const bar = document.querySelector("[data-filters]");

const chosen = () => bar?.querySelector('[aria-current="true"]')?.dataset ?? {};
export const takes = (item) => {
  const { filterItem, filterLabel } = chosen();
  return (!filterItem || item.dataset.item === filterItem) && (!filterLabel || item.dataset.label === filterLabel);
};

const choose = (link) => {
  for (const other of bar.children) other.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
};

const add = (name, value, title) => {
  const link = bar.firstElementChild.cloneNode(true);
  link.removeAttribute("aria-current");
  link.dataset[name === "item" ? "filterItem" : "filterLabel"] = value;
  link.textContent = title;
  const url = new URL(link.href);
  url.searchParams.set(name, value);
  link.href = url;
  bar.append(link);
};

// Adds what is new, and takes away what no question has any more unless it is chosen.
export const follow = (items) => {
  if (!bar) return;
  const isPublic = (item) => ["approved", "on_air", "answered"].includes(item.dataset.status);
  const seen = items.filter(isPublic);
  const titles = new Map(seen.filter((item) => item.dataset.item).map((item) => [item.dataset.item, item.dataset.itemTitle]));
  const labels = new Set(seen.map((item) => item.dataset.label).filter(Boolean));
  for (const link of [...bar.children].slice(1)) {
    const { filterItem, filterLabel } = link.dataset;
    const isThere = filterItem ? titles.delete(filterItem) : labels.delete(filterLabel);
    if (!isThere && link.getAttribute("aria-current") !== "true") link.remove();
  }
  for (const [id, title] of titles) add("item", id, title);
  for (const label of labels) add("label", label, label);
  bar.hidden = bar.children.length < 2;
};

export const onFilter = (draw) => bar?.addEventListener("click", (event) => {
  const link = event.target.closest("[data-filter]");
  if (!link) return;
  event.preventDefault();
  choose(link);
  draw();
});
