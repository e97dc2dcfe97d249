// The largest type in which everything fits, found by halving: `set` puts a size on the page, `fits` looks at it.
const STEPS = 9;

export const findLargest = (least, most, set, fits) => {
  set(most);
  if (fits()) return;
  let [low, high] = [least, most];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    set(middle);
    if (fits()) low = middle; else high = middle;
  }
  set(low);
};
