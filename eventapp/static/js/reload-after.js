// data-reload-after="3" on a link to the page itself follows it after so many seconds, while somebody looks.
for (const link of document.querySelectorAll("[data-reload-after]")) {
  const follow = () => (document.hidden ? document.addEventListener("visibilitychange", follow, { once: true }) : location.replace(link.href));
  setTimeout(follow, Number(link.dataset.reloadAfter) * 1000);
}
