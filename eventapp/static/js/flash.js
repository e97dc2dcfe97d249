// Lets a message be put away, and brings the summary of a form's errors into view.
for (const button of document.querySelectorAll("[data-dismiss]")) {
  button.hidden = false;
  button.addEventListener("click", () => button.parentElement.remove());
}
document.querySelector("[data-focus]")?.focus();
