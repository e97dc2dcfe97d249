// After a part of the agenda was moved, the planned times of all others are other ones: fetch them.
document.addEventListener("reordered", async ({ target }) => {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const item of target.querySelectorAll("[data-id]")) {
    const fresh = page.querySelector(`[data-id="${item.dataset.id}"] [data-planned]`);
    if (fresh) item.querySelector("[data-planned]").textContent = fresh.textContent;
  }
});
