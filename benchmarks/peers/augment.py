#!/usr/bin/env python3
"""The ten augmented clips of a TCLR sample in the structure of the authors' loader: frame by frame with torchvision on Pillow images.

Needs torch, torchvision, Pillow and numpy. Prints milliseconds per sample (160 frames of 112x112) on one thread, to set beside
AugmentationBenchmarks (TclrReference): the same synthetic 320x240 frames, the same distribution of parameters.
"""
import time

import numpy as np
import torch
import torchvision.transforms.functional as F
from PIL import Image

SAMPLES = 12
CLIPS, LENGTH, SIZE = 10, 16, 112


def frames(count):
    t, y, x, c = np.meshgrid(np.arange(count), np.arange(240), np.arange(320), np.arange(3), indexing="ij")
    return (127.5 + 100 * np.sin(0.05 * x + c + 0.1 * t) * np.cos(0.04 * y - 0.5 * c)).astype(np.uint8)


def draw(rng):
    share = rng.uniform(0.6, 1)
    return {
        "u": rng.random(8),
        "side": int(240 * share),
        "x": rng.integers(0, int(320 - 320 * share + 1)),
        "y": rng.integers(0, int(240 - 240 * share + 1)),
        "contrast": rng.uniform(0.75, 1.25),
        "hue": rng.uniform(-0.1, 0.1),
        "saturation": rng.uniform(0.75, 1.25),
        "brightness": rng.uniform(0.75, 1.25),
        "gamma": rng.uniform(0.75, 1.25),
        "channel": rng.integers(0, 3),
        "erase": (rng.integers(0, SIZE), rng.integers(0, SIZE), rng.integers(9, 19), rng.integers(9, 19)),
    }


def augment(frame, p):
    u = p["u"]
    image = F.to_pil_image(frame)
    image = F.resized_crop(image, int(p["y"]), int(p["x"]), p["side"], p["side"], [SIZE, SIZE])
    if u[0] < 0.125:
        image = F.adjust_contrast(image, p["contrast"])
    if u[1] < 0.3:
        image = F.adjust_hue(image, p["hue"])
    if u[2] < 0.3:
        image = F.adjust_saturation(image, p["saturation"])
    if u[3] < 0.3:
        image = F.adjust_brightness(image, p["brightness"])
    if 0.125 < u[0] < 0.25:
        image = F.adjust_contrast(image, p["contrast"])
    if u[4] > 0.7:
        if u[4] < 0.875:
            image = F.to_grayscale(image, 3)
            if u[5] > 0.25:
                image = F.adjust_gamma(image, p["gamma"])
        else:
            pixels = np.array(image)
            pixels[..., p["channel"]] = 0
            image = F.to_pil_image(pixels)
    if u[6] > 0.5:
        image = F.hflip(image)
    clip = F.to_tensor(image)
    if u[7] < 0.5:
        clip = F.erase(clip, *(int(v) for v in p["erase"]), 0)
    return clip


def main():
    torch.set_num_threads(1)
    window, rng, times = frames(64), np.random.default_rng(1), []
    starts = [range(0, 64, 4)] * 2 + [range(16 * (i // 2), 16 * (i // 2) + 16) for i in range(8)]
    for _ in range(SAMPLES):
        parameters = [draw(rng) for _ in range(CLIPS)]
        begin = time.perf_counter()
        for positions, p in zip(starts, parameters):
            torch.stack([augment(window[i], p) for i in positions])
        times.append(1000 * (time.perf_counter() - begin))
    print(f"per sample: median {np.median(times):.1f} ms, lowest {min(times):.1f} ms, highest {max(times):.1f} ms ({SAMPLES} samples of {CLIPS}x{LENGTH} frames)")


main()
