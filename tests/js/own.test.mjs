import assert from "node:assert/strict";
import { test } from "node:test";
import { showOwn } from "../../course/explorers/own.mjs";

function shown(own, settings) {
  const classes = new Set();
  const element = { classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) } };
  const differs = showOwn(element, own, settings);
  return { text: element.textContent, amiss: classes.has("amiss"), differs };
}

const OWN = { name: "mine", of: [7, 3, 0], line: "mine: 1 of 9 cells differs.", amiss: true, wrong: ["out[0, 1]"] };

test("cells that differ are those that Python named, in the array that it named", () => {
  const { text, amiss, differs } = shown(OWN, [7, 3, 0]);
  assert.equal(text, OWN.line);
  assert.ok(amiss);
  assert.deepEqual([differs("out", 0, 1), differs("out", 1, 0), differs("dx", 0, 1)], [true, false, false]);
});

test("an answer to other settings is dropped", () => {
  const { text, amiss, differs } = shown(OWN, [7, 5, 0]);
  assert.equal(text, "mine: no answer for these settings yet.");
  assert.deepEqual([amiss, differs("out", 0, 1)], [false, false]);
});

test("without an own function nothing is said", () => {
  const { text, amiss, differs } = shown({}, [7, 5, 0]);
  assert.deepEqual([text, amiss, differs("out", 0, 1)], ["", false, false]);
});
