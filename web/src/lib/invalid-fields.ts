/** Validation messages below fields, instead of the browser's tooltips. */

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const INVALID = "input:invalid, textarea:invalid, select:invalid";

let made = 0;

/** The message for an invalid field; null if it is valid. */
export function wordsFor(field: Field): string | null {
  const { validity } = field;
  const limit = (name: string): string => field.getAttribute(name) ?? "";
  if (validity.valid) return null;
  if (validity.valueMissing) return missing(field);
  if (validity.typeMismatch && field.type === "email") return "Enter an email address, such as name@example.org.";
  if (validity.typeMismatch) return "Enter a URL, such as https://example.org.";
  if (validity.tooShort) return `At least ${limit("minlength")} characters; this has ${field.value.length}.`;
  if (validity.tooLong) return `At most ${limit("maxlength")} characters; this has ${field.value.length}.`;
  if (validity.rangeUnderflow) return `At least ${limit("min")}.`;
  if (validity.rangeOverflow) return `At most ${limit("max")}.`;
  if (validity.badInput) return "Invalid value.";
  return field.title || field.validationMessage;
}

function missing(field: Field): string {
  if (field.type === "checkbox") return "Check this box to continue.";
  return field instanceof HTMLSelectElement || field.type === "radio" ? "Select an option." : "This field is required.";
}

/** Watch all forms of all pages. The first invalid field gets the focus. */
export function watchInvalidFields(): void {
  document.addEventListener("invalid", showMessage, true);
}

function showMessage(event: Event): void {
  const field = event.target;
  if (
    !(field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement || field instanceof HTMLSelectElement)
  )
    return;
  const words = wordsFor(field);
  if (words === null) return;
  event.preventDefault(); // no tooltip, and no focus either
  if (field === field.form?.querySelector(INVALID)) field.focus();
  const note = noteOf(field);
  note.textContent = words;
  field.setAttribute("aria-invalid", "true");
  field.addEventListener("input", () => follow(field, note));
}

/** Update the message while the field is corrected; remove it when valid. */
function follow(field: Field, note: HTMLElement): void {
  const words = wordsFor(field);
  if (words !== null) {
    note.textContent = words;
    return;
  }
  note.remove();
  field.removeAttribute("aria-invalid");
}

function noteOf(field: Field): HTMLElement {
  const wrapper = field.closest(".mantine-InputWrapper-root") ?? field.parentElement!;
  const found = wrapper.querySelector<HTMLElement>(":scope > .field-note");
  if (found) return found;
  const note = document.createElement("p");
  note.className = "field-note";
  note.id = `field-note-${++made}`;
  note.setAttribute("role", "alert");
  wrapper.append(note);
  const described = field.getAttribute("aria-describedby");
  field.setAttribute("aria-describedby", [described, note.id].filter(Boolean).join(" "));
  return note;
}
