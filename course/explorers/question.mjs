// Guess first, then see: an ungraded question whose answer is hidden until the reader has said something.

const BODY = `
<button type="button" class="ask">guess first</button> <label class="asked"></label>
<span class="choices"></span> <span class="verdict" role="status"></span> <span class="score"></span>`;

/**
 * Fill a box with a question. While it is open the explorer has the class `asking`, and what has the class
 * `secret` is hidden.
 *   ask()         may change traits (stage.set); returns { text, choices: [...] }; without choices a field follows
 *   guess()       where the reader answers on a board: returns what stands there, in place of choices and field
 *   judge(guess)  returns [right, sentence], of the state as it is then
 * The traits `guessed` and `right` count. Returns show() to call at each drawing, and open() to tell whether
 * a question waits for its answer.
 */
export function question(box, stage, { ask, judge, guess }) {
  box.classList.add("question");
  box.innerHTML = BODY;
  const [start, text, choices, verdict, score] =
    [".ask", ".asked", ".choices", ".verdict", ".score"].map((name) => box.querySelector(name));
  const isOpen = () => stage.root.classList.contains("asking");

  function begin() {
    stage.root.classList.add("asking");
    const asked = ask();
    const field = !asked.choices && !guess && Object.assign(document.createElement("input"), { type: "text" });
    text.textContent = asked.text;
    verdict.textContent = "";
    if (field) {
      field.onkeydown = (event) => event.key === "Enter" && answer(field.value);
      text.append(" ", field);
    }
    choices.replaceChildren(...(asked.choices
      ? asked.choices.map((choice) => button(choice, () => answer(choice)))
      : [button("reveal", () => answer(guess ? guess() : field.value))]));
    (field || choices.firstChild).focus();
  }

  function answer(said) {
    const [right, sentence] = judge(said), was = stage.get(["guessed", "right"]);
    stage.root.classList.remove("asking");
    choices.replaceChildren();
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
  stage.hear(["guessed", "right"], show);
  return { show, open: isOpen };
}

function button(text, onclick) {
  return Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick });
}
