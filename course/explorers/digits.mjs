// Short numbers, in JavaScript as in digits.py.

/** A number from 0 up with at most three digits: 0.05, 12.5, 1330, 2.5e-7. */
export function digits(number) {
  if (number === 0 || !(number < Infinity)) return number ? "∞" : "0";
  const [mantissa, exponent] = (number * (1 + 1e-12)).toExponential(2).split("e").map(Number);
  return exponent >= -4 && exponent < 5 ? `${Number(`${mantissa}e${exponent}`)}` : `${mantissa}e${exponent}`;
}
