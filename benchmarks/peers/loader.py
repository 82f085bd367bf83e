#!/usr/bin/env python3
"""TCLR samples the way the reference loader is built, for comparison with Tclr's.

A sample is ten clips of 16 frames at 112x112. The structure is the reference's: the whole file is decoded with OpenCV,
frame by frame to its end; each frame that a clip shows goes through a chain of Pillow operations of its own, for both
versions, with one set of parameters for each clip. One core, one process.

    loader.py VIDEO...            prints samples per second
    loader.py --serve VIDEO...    makes as many samples as each line on stdin says, and answers with a line

Needs OpenCV, Pillow and NumPy; without them it says so and exits with status 3.
"""

import os
import random
import sys
import time

try:
    import cv2
    import numpy as np
    from PIL import Image, ImageEnhance, ImageOps
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(3)

FRAMES, LOCALS, SIZE = 16, 4, 112
WINDOW = FRAMES * LOCALS


class Parameters:
    """What one clip is augmented with."""

    def __init__(self, rng):
        scale = rng.uniform(0.6, 1)
        self.side = int(240 * scale)
        self.x = rng.randrange(0, int(320 - 320 * scale + 1))
        self.y = rng.randrange(0, int(240 - 240 * scale + 1))
        self.contrast, self.saturation, self.brightness, self.gamma = (rng.uniform(0.75, 1.25) for _ in range(4))
        self.hue = rng.uniform(-0.1, 0.1)
        self.draws = [rng.random() for _ in range(8)]
        self.channel = rng.randrange(3)
        self.hole = [rng.randrange(0, SIZE), rng.randrange(0, SIZE), rng.randrange(9, 19), rng.randrange(9, 19)]


def shift_hue(image, amount):
    hue, saturation, value = image.convert("HSV").split()
    table = [(i + int(amount * 255)) % 256 for i in range(256)]
    return Image.merge("HSV", (hue.point(table), saturation, value)).convert("RGB")


def augment(frame, p):
    u = p.draws
    image = Image.fromarray(frame).crop((p.x, p.y, p.x + p.side, p.y + p.side)).resize((SIZE, SIZE), Image.BILINEAR)
    if u[0] < 0.125:
        image = ImageEnhance.Contrast(image).enhance(p.contrast)
    if u[1] < 0.3:
        image = shift_hue(image, p.hue)
    if u[2] < 0.3:
        image = ImageEnhance.Color(image).enhance(p.saturation)
    if u[3] < 0.3:
        image = ImageEnhance.Brightness(image).enhance(p.brightness)
    if 0.125 < u[0] < 0.25:
        image = ImageEnhance.Contrast(image).enhance(p.contrast)
    if u[4] > 0.875:
        bands = list(image.split())
        bands[p.channel] = bands[p.channel].point([0] * 256)
        image = Image.merge("RGB", bands)
    elif u[4] > 0.7:
        image = Image.merge("RGB", [ImageOps.grayscale(image)] * 3)
        if u[5] > 0.25:
            image = image.point([int(255.999 * (v / 255) ** p.gamma) for v in range(256)] * 3)
    if u[6] > 0.5:
        image = image.transpose(Image.FLIP_LEFT_RIGHT)
    pixels = np.ascontiguousarray(np.asarray(image).transpose(2, 0, 1)).astype(np.float32) / 255
    if u[7] < 0.5:
        x, y, h, w = p.hole
        pixels[:, x:x + h, y:y + w] = 0
    return pixels


def sample(path, rng):
    parameters = [Parameters(rng) for _ in range(2 * (1 + LOCALS))]
    capture = cv2.VideoCapture(path)
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    start = rng.randrange(0, max(count - WINDOW, 1))
    lists = [[start + LOCALS * i for i in range(FRAMES)]]
    lists += [[start + FRAMES * j + i for i in range(FRAMES)] for j in range(LOCALS)]
    clips = [[] for _ in parameters]
    number = 0
    while True:
        found, frame = capture.read()
        if not found:
            break
        for i, wanted in enumerate(lists):
            if number in wanted:
                clips[2 * i].append(augment(frame, parameters[2 * i]))
                clips[2 * i + 1].append(augment(frame, parameters[2 * i + 1]))
        number += 1
    capture.release()
    return np.stack([np.stack(clip) for clip in clips])


def main():
    arguments = sys.argv[1:]
    serve = "--serve" in arguments
    videos = [a for a in arguments if not a.startswith("--")]
    if not videos:
        sys.exit(__doc__)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    rng = random.Random(7)
    made = 0

    def make(count):
        nonlocal made
        for _ in range(count):
            shape = sample(videos[made % len(videos)], rng).shape
            assert shape == (2 * (1 + LOCALS), FRAMES, 3, SIZE, SIZE), shape
            made += 1

    make(1)
    if serve:
        print("ready", flush=True)
        for line in sys.stdin:
            make(int(line))
            print("done", flush=True)
        return
    rounds, begin = 5 * len(videos), time.perf_counter()
    make(rounds)
    seconds = time.perf_counter() - begin
    print(f"{rounds / seconds:.2f} samples/s on one core ({1000 * seconds / rounds:.1f} ms each, {len(videos)} videos)")


if __name__ == "__main__":
    main()
