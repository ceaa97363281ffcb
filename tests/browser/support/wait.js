// Taken when the file loads, so that the tests' own waiting is not counted and does not stand still.
const { setTimeout } = window;

export function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
