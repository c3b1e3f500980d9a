"""What forms say about fields that are not filled in as they should be."""

from tests.fixtures.ui import Ui

FORM = """
  const form = document.createElement("form");
  form.id = "tried";
  form.innerHTML = `<label>Notes<textarea required></textarea></label>
    <label>Role<select required><option></option><option>Editor</option></select></label>`;
  document.body.append(form);
  form.requestSubmit();
"""
SAID = "[...document.querySelectorAll('#tried .field-note')].map(note => note.textContent)"


def test_every_kind_of_field_says_what_is_wrong_below_itself(ui: Ui) -> None:
    """In our words and without the browser's bubble, which focuses nothing itself; the first one gets the focus."""
    with ui.page("/sign-in", signed_in=False) as page:
        page.get_by_label("Email").wait_for()
        page.evaluate(FORM)

        assert page.evaluate(SAID) == ["This field is required.", "Select an option."]
        assert page.evaluate("document.activeElement.localName") == "textarea"
        page.get_by_label("Notes").fill("Something")
        assert page.evaluate(SAID) == ["Select an option."]
