// Numbers that look random and are the same in Python: conv_arithmetic.py has the same steps.

/** A whole number below 2 ** 32 for this place; each salt gives other ones. */
export function scatter(seed, row, column, salt) {
  let h = Math.imul(row, 0x85EBCA6B) + Math.imul(column, 0xC2B2AE35) +
    Math.imul(seed, 0x9E3779B1) + Math.imul(salt, 0x27D4EB2F) >>> 0;
  for (const factor of [0x7FEB352D, 0x846CA68B]) h = Math.imul(h ^ (h >>> 16), factor) >>> 0;
  return (h ^ (h >>> 16)) >>> 0;
}
