// A row of settings: each a slider or a choice, with its name and its value in words.

/**
 * Fill a box with one control for each setting, in the order given: { trait: kind, ... }, where kind is
 *   { label, limits: [least, most, step] }   a slider over numbers
 *   { label, values: [...] }                 a slider over a list of rising values, such as powers of ten
 *   { label, choices: [...] }                a menu
 *   { label, switch: true }                  a box to tick
 * and text: (value) => words, where the value alone says too little. Returns show(values of the traits).
 */
export function settings(box, kinds, set) {
  box.classList.add("controls");
  box.innerHTML = Object.entries(kinds).map(([name, kind]) => control(name, kind)).join("");
  const controls = Array.from(box.querySelectorAll("[data-name]"), (e) => [e.dataset.name, kinds[e.dataset.name], e]);
  box.oninput = ({ target }) => {
    const kind = kinds[target.dataset.name];
    const { valueAsNumber: number, checked, selectedIndex } = target;
    set({ [target.dataset.name]: kind.limits ? number : kind.values ? kind.values[number]
      : kind.choices ? kind.choices[selectedIndex] : checked });
  };
  return (values) => {
    for (const [name, kind, e] of controls) {
      const value = values[name], text = `${kind.text?.(value) ?? value}`;
      if (kind.switch) e.checked = value;
      else if (kind.choices) e.selectedIndex = kind.choices.indexOf(value);
      else {
        e.value = kind.limits ? value : kind.values.findIndex((other) => other >= value);
        e.previousElementSibling.textContent = text;
        e.setAttribute("aria-valuetext", text);
      }
    }
  };
}

function control(name, { label, limits, values, choices, text = String }) {
  const data = `data-name="${name}"`;
  if (choices) {
    const options = choices.map((c) => `<option>${text(c)}</option>`).join("");
    return `<label>${label} <select ${data}>${options}</select></label>`;
  }
  if (!limits && !values) return `<label class="switch"><input type="checkbox" ${data}> ${label}</label>`;
  const [least, most, step = 1] = limits ?? [0, values.length - 1];
  return `<label>${label} <b aria-hidden="true"></b><input type="range" ${data} min="${least}" max="${most}"
    step="${step}"></label>`;
}
