// Fills hidden fields with the viewer's own time zone, so that messages can say times in it.
for (const field of document.querySelectorAll("input[data-time-zone]")) {
  field.value = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
