import { get, number } from "./dom.js";

// The table of runs as the server has it, by column; and those who want to know of changes.
class Store {
  names = [];
  places = new Map();
  columns = new Map();
  unread = 0;
  version = 0;
  instance = "";
  #listeners = new Set();
  #loading = null;
  #line = null;

  begin(line) {
    this.#line = line;
    this.load();
    const events = new EventSource("/api/events");
    events.addEventListener("hello", ({ data }) => {
      this.#say(true);
      if (this.instance && JSON.parse(data).instance !== this.instance) this.load();
    });
    events.addEventListener("runs", ({ data }) => this.#change(JSON.parse(data)));
    events.addEventListener("error", () => this.#say(false));
  }

  get ready() {
    return this.#loading ?? Promise.resolve();
  }

  // What is called with the names of the runs that changed, or with null where all may have.
  listen(listener, signal) {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener));
  }

  load() {
    this.#loading ??= get("/api/runs").then((table) => {
      this.#read(table);
      this.#tell(null);
    }).catch(() => this.#say(false)).finally(() => { this.#loading = null; });
    return this.#loading;
  }

  value(name, key) {
    const place = this.places.get(name);
    return place === undefined ? null : this.columns.get(key)?.values[place] ?? null;
  }

  // All that a run has, by key.
  cells(name) {
    const place = this.places.get(name);
    return new Map([...this.columns].filter(([, column]) => column.values[place] !== null && column.values[place] !== undefined)
      .map(([key, column]) => [key, column.values[place]]));
  }

  #say(isThere) {
    this.#line.textContent = isThere ? (this.unread > 0 ? `${this.unread} still to read` : "live") : "no connection";
    this.#line.className = isThere ? "line live" : "line lost";
  }

  #read({ instance, version, unread, names, columns }) {
    Object.assign(this, { instance, version, unread, names });
    this.places = new Map(names.map((name, i) => [name, i]));
    this.columns = new Map(columns.map(({ key, numbers, texts, codes }) => [key, numbers
      ? { key, isNumber: true, values: numbers.map(number) }
      : describe({ key, values: codes ? codes.map((code) => (code === null ? null : texts[code])) : names.map(() => texts[0]) }, texts)]));
    this.#say(true);
  }

  #change({ instance, version, unread, runs }) {
    if (this.#loading || instance !== this.instance || !runs) {
      if (version !== this.version || instance !== this.instance) this.load();
      return;
    }
    Object.assign(this, { version, unread });
    for (const { name, cells } of runs) {
      if (!this.places.has(name)) {
        this.places.set(name, this.names.length);
        this.names.push(name);
      }
      const place = this.places.get(name);
      for (const [key, given] of Object.entries(cells)) {
        if (!this.columns.has(key)) this.columns.set(key, { key, isNumber: key.startsWith("metric.") || typeof given === "number", values: [] });
        const column = this.columns.get(key);
        column.values[place] = column.isNumber && !column.isText ? number(given) : given;
      }
    }
    this.#say(true);
    if (runs.length > 0) this.#tell(runs.map((run) => run.name));
  }

  #tell(names) {
    for (const listener of this.#listeners) listener(names);
  }
}

// A column of texts that are all numbers sorts as numbers, and is written as it was.
function describe(column, texts) {
  const isNumber = texts.length > 0 && texts.every((text) => text.trim() !== "" && !Number.isNaN(Number(text)));
  return { ...column, isNumber, isText: true };
}

export const store = new Store();
