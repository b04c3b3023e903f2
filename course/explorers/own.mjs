// The learner's own function, as own.py has compared it: the trait `own`.

/**
 * Show its sentence in an element; an answer to other settings than these counts as none.
 * Returns differs(name, row, column): whether its number there is another than the picture's.
 */
export function showOwn(element, own, settings) {
  const now = `${own.of}` === `${settings}`;
  element.textContent = now ? own.line : own.name ? `${own.name}: no answer for these settings yet.` : "";
  element.classList.toggle("amiss", now && own.amiss);
  const wrong = new Set(now ? own.wrong : []);
  return (name, row, column) => wrong.has(`${name}[${row}, ${column}]`);
}
