// Says each moment in the viewer's own zone too, where that differs from the webinar's.
const here = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang || undefined;

const parts = (moment, zone, options) =>
  new Intl.DateTimeFormat(language, { timeZone: zone, ...options }).format(moment);
const dayOf = (moment, zone) => parts(moment, zone, { dateStyle: "short" });
const clockOf = (moment, zone) => parts(moment, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

for (const line of document.querySelectorAll("[data-local-time-yours]")) {
  const time = line.parentElement.querySelector("time[data-local-time]");
  const moment = new Date(time.dateTime);
  const there = time.dataset.localTime;
  const isSameDay = dayOf(moment, here) === dayOf(moment, there);
  const clock = clockOf(moment, here);
  if (isSameDay && clock === clockOf(moment, there)) continue;
  const day = isSameDay ? "" : `${parts(moment, here, { weekday: "long", day: "numeric", month: "long" })}, `;
  line.textContent = line.dataset.localTimeYours.replace("{time}", day + clock);
}
