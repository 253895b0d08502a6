"""Writes pictures by Pillow, and what it decodes them to, 1 × channels × height × width: python3 pictures.py FOLDER"""
import sys

import numpy
from PIL import Image

folder = sys.argv[1]
rows, columns = numpy.mgrid[0:13, 0:17]
colour = numpy.stack([rows * 19, columns * 15, (rows + columns) * 8], axis=2).astype(numpy.uint8)
image = Image.fromarray(colour)
image.convert("L").save(f"{folder}/grey.jpg", quality=95)
image.save(f"{folder}/colour.jpg", quality=95, subsampling=0)
image.quantize(16).save(f"{folder}/palette.gif")
image.save(f"{folder}/lossless.webp", lossless=True)
image.quantize(16).save(f"{folder}/palette.png")
image.convert("L").save(f"{folder}/plain.png")
image.convert("RGBA").save(f"{folder}/clear.png")
for name in ["grey.jpg", "colour.jpg", "palette.gif", "lossless.webp", "palette.png", "plain.png", "clear.png"]:
    picture = Image.open(f"{folder}/{name}")
    grey = picture.mode == "L"
    pixels = numpy.asarray(picture if grey else picture.convert("RGB"))
    numpy.save(f"{folder}/{name}.npy", pixels[None, None] if grey else pixels.transpose(2, 0, 1)[None])
