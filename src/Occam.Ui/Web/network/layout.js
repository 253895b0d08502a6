// Places the nodes of a graph in layers, each below all that it takes its inputs from, and turns long edges around what lies between.
const gapAcross = 26;
const gapDown = 46;
const sweeps = 6;

// nodes: { id, width, height }; edges: { from, to }. Gives x, y of each node (its middle top) and the points of each edge.
export function layered(nodes, edges) {
  const all = new Map(nodes.map((node) => [node.id, { ...node, before: [], after: [], rank: 0 }]));
  const own = edges.filter(({ from, to }) => from !== to && all.has(from) && all.has(to));
  for (const { from, to } of own) {
    all.get(from).after.push(to);
    all.get(to).before.push(from);
  }
  rank(all);
  const ways = own.map((edge) => bend(edge, all));
  const layers = [];
  for (const node of all.values()) (layers[node.rank] ??= []).push(node);
  order(layers, all);
  const size = place(layers, all);
  return {
    ...size,
    nodes: new Map(nodes.map(({ id }) => [id, all.get(id)])),
    edges: ways.map(({ edge, way }) => ({ ...edge, points: points(way.map((id) => all.get(id))) })),
  };
}

// Each as far down as the longest way to it; a source just above the first that takes it.
function rank(all) {
  const left = new Map([...all.values()].map((node) => [node.id, node.before.length]));
  const ready = [...all.values()].filter((node) => node.before.length === 0).map((node) => node.id);
  const sources = [...ready];
  for (let at = 0; at < ready.length; at++) {
    const node = all.get(ready[at]);
    for (const next of node.after) {
      all.get(next).rank = Math.max(all.get(next).rank, node.rank + 1);
      left.set(next, left.get(next) - 1);
      if (left.get(next) === 0) ready.push(next);
    }
  }
  for (const id of sources) {
    const node = all.get(id);
    if (node.after.length > 0) node.rank = Math.min(...node.after.map((next) => all.get(next).rank)) - 1;
  }
}

// An edge over several layers gets a place in each that it passes.
function bend(edge, all) {
  const [from, to] = [all.get(edge.from), all.get(edge.to)];
  const way = [edge.from];
  for (let rank = from.rank + 1; rank < to.rank; rank++) {
    const id = `${way.at(-1)}→${edge.to}@${rank}`;
    if (!all.has(id)) all.set(id, { id, width: 8, height: 0, rank, before: [], after: [], isBend: true });
    way.push(id);
  }
  way.push(edge.to);
  for (let i = 0; i + 1 < way.length; i++) {
    if (way.length > 2) {
      all.get(way[i]).after.push(way[i + 1]);
      all.get(way[i + 1]).before.push(way[i]);
    }
  }
  return { edge, way };
}

// Neighbours near each other: each goes to the mean place of those it is tied to, down and up in turn.
function order(layers, all) {
  const number = () => layers.forEach((layer) => layer.forEach((node, i) => { node.place = i; }));
  number();
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      for (const node of layer) {
        const tied = (isDown ? node.before : node.after).map((id) => all.get(id)).filter((other) => (isDown ? other.rank < node.rank : other.rank > node.rank));
        node.wish = tied.length > 0 ? tied.reduce((sum, other) => sum + other.place / Math.max(1, layers[other.rank].length), 0) / tied.length : node.place / layer.length;
      }
      layer.sort((a, b) => a.wish - b.wish || a.place - b.place);
      layer.forEach((node, i) => { node.place = i; });
    }
  }
}

function place(layers, all) {
  const widths = layers.map((layer) => layer.reduce((sum, node) => sum + node.width + gapAcross, -gapAcross));
  const width = Math.max(1, ...widths);
  let y = 0;
  layers.forEach((layer, i) => {
    let x = (width - widths[i]) / 2;
    for (const node of layer) {
      node.x = x + node.width / 2;
      node.y = y;
      x += node.width + gapAcross;
    }
    y += Math.max(0, ...layer.map((node) => node.height)) + gapDown;
  });
  straighten(layers, all, width);
  const left = Math.min(...[...all.values()].map((node) => node.x - node.width / 2));
  const right = Math.max(...[...all.values()].map((node) => node.x + node.width / 2));
  for (const node of all.values()) node.x -= left;
  return { width: right - left, height: y - gapDown };
}

// Moves nodes towards the middle of those above them as far as their neighbours leave room.
function straighten(layers, all) {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const layer of isDown ? layers : layers.toReversed()) {
      layer.forEach((node, i) => {
        const tied = (isDown ? node.before : node.after).map((id) => all.get(id));
        if (tied.length === 0) return;
        const wish = tied.reduce((sum, other) => sum + other.x, 0) / tied.length;
        const least = i > 0 ? layer[i - 1].x + (layer[i - 1].width + node.width) / 2 + gapAcross : -Infinity;
        const most = i + 1 < layer.length ? layer[i + 1].x - (layer[i + 1].width + node.width) / 2 - gapAcross : Infinity;
        if (least <= most) node.x = Math.min(most, Math.max(least, wish));
      });
    }
  }
}

const points = (way) => way.flatMap((node, i) => (node.isBend ? [[node.x, node.y]] : [[node.x, i === 0 ? node.y + node.height : node.y]]));

// A smooth way through an edge's points, upright at each.
export function curve(way) {
  const [[x, y], ...rest] = way;
  let path = `M${x.toFixed(1)} ${y.toFixed(1)}`;
  let [fromX, fromY] = [x, y];
  for (const [toX, toY] of rest) {
    const middle = (fromY + toY) / 2;
    path += `C${fromX.toFixed(1)} ${middle.toFixed(1)} ${toX.toFixed(1)} ${middle.toFixed(1)} ${toX.toFixed(1)} ${toY.toFixed(1)}`;
    [fromX, fromY] = [toX, toY];
  }
  return path;
}
