// <select data-guess-zone>: chooses the device's time zone, as long as nobody has chosen another.
const select = document.querySelector("select[data-guess-zone]");
const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
if (select && select.value === "UTC" && [...select.options].some((option) => option.value === timeZone)) select.value = timeZone;
