/** What a form says of a field that the browser finds wrong: our words below the field, in place of the browser's bubble. */

let made = 0;

/** The words for what is wrong; null when nothing is. */
export function wordsFor(field: HTMLInputElement): string | null {
  const { validity } = field;
  if (validity.valid) return null;
  if (validity.valueMissing) return field.type === "checkbox" ? "Tick this box to go on." : "Fill this in.";
  if (validity.typeMismatch && field.type === "email") return "This is not an email address. It looks like name@example.org.";
  if (validity.typeMismatch) return "This is not an address. It looks like https://example.org.";
  if (validity.tooShort) return `At least ${field.minLength} characters; this has ${field.value.length}.`;
  if (validity.tooLong) return `At most ${field.maxLength} characters; this has ${field.value.length}.`;
  if (validity.rangeUnderflow) return `At least ${field.min}.`;
  if (validity.rangeOverflow) return `At most ${field.max}.`;
  if (validity.badInput) return "This can't be read.";
  return field.title || field.validationMessage;
}

/** Watch all forms, those of dialogs and of later pages too. The first wrong field gets the focus. */
export function watchInvalidFields(): void {
  document.addEventListener("invalid", (event) => tell(event as Event), true);
}

function tell(event: Event): void {
  const field = event.target;
  if (!(field instanceof HTMLInputElement)) return;
  const words = wordsFor(field);
  if (words === null) return;
  event.preventDefault(); // no bubble, and no focus either
  if (field === field.form?.querySelector("input:invalid")) field.focus();
  const note = noteOf(field);
  note.textContent = words;
  field.setAttribute("aria-invalid", "true");
  field.addEventListener("input", () => follow(field, note));
}

/** While the field is being mended, its note follows, and goes when all is well. */
function follow(field: HTMLInputElement, note: HTMLElement): void {
  const words = wordsFor(field);
  if (words !== null) return void (note.textContent = words);
  note.remove();
  field.removeAttribute("aria-invalid");
}

function noteOf(field: HTMLInputElement): HTMLElement {
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
