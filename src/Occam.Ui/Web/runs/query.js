// What is typed into the search: words that a name or a text must contain, and conditions on keys,
//   test.loss<0.3  state:running  optimizer.id:adam  batch=64  -diverged
const condition = /^(-?)([\p{L}\p{N}._-]+?)(<=|>=|!=|<|>|=|:)(.+)$/u;

function find(columns, name) {
  const lower = name.toLowerCase();
  const exact = [...columns.keys()].find((key) => [key, key.replace(/^(config|metric)\./, "")].some((one) => one.toLowerCase() === lower));
  return exact ?? [...columns.keys()].find((key) => key.toLowerCase().endsWith(`.${lower}`)) ?? null;
}

const compare = {
  "<": (a, b) => a < b,
  ">": (a, b) => a > b,
  "<=": (a, b) => a <= b,
  ">=": (a, b) => a >= b,
};

function holds(value, sign, wanted) {
  if (value === null || value === undefined) return false;
  if (compare[sign]) return compare[sign](Number(value), Number(wanted));
  const text = String(value).toLowerCase();
  if (sign === ":") return text.includes(wanted.toLowerCase());
  const isSame = text === wanted.toLowerCase() || (wanted.trim() !== "" && Number(value) === Number(wanted));
  return sign === "=" ? isSame : !isSame;
}

// The query as a test of a run's place; and what of it names a key that no run has.
export function parse(text, store) {
  const tests = [];
  const unknown = [];
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const match = condition.exec(word);
    if (match) {
      const [, not, name, sign, wanted] = match;
      const key = name === "name" ? "name" : find(store.columns, name);
      if (key === null) {
        unknown.push(name);
        tests.push(() => false);
        continue;
      }
      const values = key === "name" ? store.names : store.columns.get(key).values;
      tests.push((place) => holds(values[place], sign, wanted) !== (not === "-"));
      continue;
    }
    const not = word.startsWith("-") && word.length > 1;
    const part = (not ? word.slice(1) : word).toLowerCase();
    const states = store.columns.get("state")?.values ?? [];
    tests.push((place) => (store.names[place].toLowerCase().includes(part) || (states[place] ?? "").includes(part)) !== not);
  }
  return { matches: (place) => tests.every((test) => test(place)), unknown };
}
