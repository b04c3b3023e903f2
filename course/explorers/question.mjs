// Guess first, then see: an ungraded question whose answer is hidden until the reader has said something.

const BODY = `
<button class="ask">guess first</button> <label><span class="asked"></span> <input type="text"></label>
<span class="choices"></span> <span class="verdict" role="status"></span> <span class="score"></span>`;

/**
 * Fill a box with a question. While it is open the explorer has the class `asking`, and what has the class
 * `secret` is hidden.
 *   ask()         may change traits (stage.set); returns { text, choices: [...] }; without choices a field follows
 *   guess()       where the reader answers on a board: returns what stands there, in place of choices and field
 *   judge(guess)  returns [right, sentence], of the state as it is then
 * The traits `guessed` and `right` count.
 */
export function question(box, stage, { ask, judge, guess }) {
  box.classList.add("question");
  box.innerHTML = BODY;
  const [start, text, field, choices, verdict, score] =
    box.querySelectorAll("button, label span, input, label ~ span");

  function begin() {
    stage.root.classList.add("asking");
    const asked = ask();
    text.textContent = asked.text;
    field.value = verdict.textContent = "";
    field.hidden = Boolean(asked.choices || guess);
    choices.replaceChildren(...(asked.choices
      ? asked.choices.map((choice) => button(choice, () => answer(choice)))
      : [button("reveal", () => answer(guess ? guess() : field.value))]));
    (field.hidden ? choices.firstChild : field).focus();
  }

  function answer(said) {
    const [right, sentence] = judge(said), was = stage.get(["guessed", "right"]);
    stage.root.classList.remove("asking");
    verdict.textContent = `${right ? "✓ Right." : "✗ Not so."} ${sentence}`;
    start.textContent = "another";
    stage.set({ guessed: was.guessed + 1, right: was.right + (right ? 1 : 0) });
    start.focus();
  }

  function show() {
    const { guessed, right } = stage.get(["guessed", "right"]);
    score.textContent = guessed ? `${right} of ${guessed} guessed right` : "";
  }

  start.onclick = begin;
  field.onkeyup = ({ key }) => key === "Enter" && field.value && answer(field.value);
  stage.hear(["guessed", "right"], show);
  show();
}

export function button(text, onclick) {
  return Object.assign(document.createElement("button"), { textContent: text, onclick });
}
