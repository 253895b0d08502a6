import { h } from "../dom.js";

// Height and width of an example as a picture; a vector is a strip.
export function sizeOf(shape) {
  return shape.length === 3 ? [shape[1], shape[2]] : shape.length === 2 ? shape : [1, shape.reduce((product, size) => product * size, 1)];
}

// A picture of numbers from 0 to 1 (what lies outside is cut off), in grey or by three channels.
export function picture(values, shape, label) {
  const [height, width] = sizeOf(shape);
  const canvas = h("canvas", { width, height, role: "img", "aria-label": label });
  const image = canvas.getContext("2d").createImageData(width, height);
  const plane = width * height;
  const isColour = shape.length === 3 && shape[0] === 3;
  const [low, high] = shape.length === 3 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const level = (value) => Math.round(255 * Math.min(1, Math.max(0, (value - low) / (high - low || 1))));
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) image.data[4 * i + c] = level(values[isColour ? c * plane + i : i]);
    image.data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// A dropped picture as the example's shape asks, pixels from 0 to 1 in base 64.
export async function encode(blob, shape) {
  const [height, width] = sizeOf(shape);
  const bitmap = await createImageBitmap(blob);
  const canvas = h("canvas", { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const scale = Math.max(width / bitmap.width, height / bitmap.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(bitmap, (width - bitmap.width * scale) / 2, (height - bitmap.height * scale) / 2, bitmap.width * scale, bitmap.height * scale);
  const { data } = context.getImageData(0, 0, width, height);
  const plane = width * height;
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < plane; i++) {
    const [red, green, blue] = [data[4 * i] / 255, data[4 * i + 1] / 255, data[4 * i + 2] / 255];
    if (shape[0] === 3) [values[i], values[plane + i], values[2 * plane + i]] = [red, green, blue];
    else values[i] = 0.299 * red + 0.587 * green + 0.114 * blue;
  }
  const bytes = new Uint8Array(values.buffer);
  let text = "";
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return { values: [...values], text: btoa(text) };
}
