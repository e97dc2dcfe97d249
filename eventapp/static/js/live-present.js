// How many people have the room open, wherever the page shows it.
import { on } from "./live-stream.js";

const places = document.querySelectorAll("[data-present]");
const number = new Intl.NumberFormat(document.documentElement.lang || undefined);

on("present", ({ count }) => {
  for (const place of places) {
    place.textContent = (count === 1 ? place.dataset.one : place.dataset.many).replace("#", number.format(count));
    place.hidden = !count;
  }
});
