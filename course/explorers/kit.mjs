// What explorers share in the browser. A widget's module reaches the browser as one text, so bundle.py puts
// the neighbours that a module imports in front of it: import from the file that has the noun, and no more.
//   kit.mjs       range, clamp, signed, count, both, colours (BLUE ... GREY), tint
//   stage.mjs     openStage: root, $, get, set, keep, save, hear, announce, atEnd, open; ink, dark, width of the page
//   settings.mjs  settings: a row of labelled sliders and choices that set traits
//   board.mjs     openCanvas, hatching, paint, cellSize, onKeys, cellAt: boards of cells on canvas
//   window.mjs    drawWindow, moveTo, outline: what lies on a board
//   pen.mjs       stroke, mark: lines and marks of curves
//   player.mjs    player: back, play, forward, scrub, speed
//   scatter.mjs   scatter: numbers that look random, the same in Python
//   own.mjs       showOwn: what the learner's own function gave, as own.py has compared it
//   question.mjs  question: guess first, then see; counted in the traits `guessed` and `right`

export const range = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
/** The whole number nearest to `value` that is an index of n things. */
export const clamp = (value, n) => Math.max(0, Math.min(value, n - 1));
export const signed = (number) => (number < 0 ? `−${-number}` : `${number}`);
export const count = (number, noun) => (number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "");
export const both = (first, second) => [first, second].filter(Boolean).join(" and ");

// Okabe and Ito's colours; what they mean is also said by hatching, outline or text.
export const BLUE = "86,180,233";
export const DEEP_BLUE = "0,114,178";
export const GREEN = "0,158,115";
export const ORANGE = "230,159,0";
export const VERMILLION = "213,94,0";
export const PURPLE = "204,121,167";
export const YELLOW = "240,228,66";
export const GREY = "128,128,128";
export const tint = (colour, alpha) => `rgba(${colour},${alpha})`;
