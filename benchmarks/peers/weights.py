#!/usr/bin/env python3
"""PyTorch's time for the weights of R3D-18 (133 MB) into a model, beside the time of reading the file's bytes.

The peer of WeightLoadBenchmarks: python3 benchmarks/peers/weights.py
"""
import os
import statistics
import sys
import tempfile
import time

import torch
from torchvision.models.video import r3d_18

WARMUP, ROUNDS = 2, 8


def timed(action):
    for _ in range(WARMUP):
        action()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return statistics.mean(times) * 1e3, statistics.stdev(times) * 1e3


torch.set_num_threads(os.cpu_count())
model = r3d_18()
model.fc = torch.nn.Identity()
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "r3d18.pth")
    torch.save(model.state_dict(), path)
    buffer = bytearray(os.path.getsize(path))

    def read_bytes():
        with open(path, "rb", buffering=0) as file:
            view, read = memoryview(buffer), 0
            while read < len(buffer):
                read += file.readinto(view[read:])

    rows = [("bytes", timed(read_bytes)), ("torch.load + load_state_dict", timed(lambda: model.load_state_dict(torch.load(path))))]

print(f"PyTorch {torch.__version__}, Python {sys.version.split()[0]}, {os.cpu_count()} threads, {len(buffer) / 1e6:.1f} MB")
for name, (mean, deviation) in rows:
    print(f"{name:32} {mean:8.1f} ms  +- {deviation:5.1f}  ratio {mean / rows[0][1][0]:.2f}")
