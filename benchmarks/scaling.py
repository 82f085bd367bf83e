#!/usr/bin/env python3
"""Computes how training of R3D-18 with TCLR scales over GPUs, from the sizes below. Nothing is measured.

usage: scaling.py [NAME=VALUE...]    for example: scaling.py videos=16 network=25e9
"""
import math
import sys

size = {
    "parameters": 33.17e6,      # of R3D-18 with its head, float32
    "operations": 86.3e9,       # of one clip of 16x112x112, forward; backward takes twice as many
    "clips": 10,                # of a video: V + V T with V = 2 views and T = 4 local clips
    "rows": 8,                  # of a video in the matrix of the instance loss: V T
    "vectors": 18,              # of a video that are exchanged: V + 2 V T
    "dimension": 128,           # of a vector, float32
    "videos": 8,                # a step on one GPU
    "node": 8,                  # GPUs of a node
    "speed": 100e12,            # operations a second that a GPU achieves
    "memory": 3.35e12,          # bytes a second of a GPU's memory
    "passes": 9,                # over the matrix of the instance loss: product, mask, softmax, their gradients
    "nvlink": 450e9,            # bytes a second between the GPUs of a node
    "network": 50e9,            # bytes a second of a GPU's network card
    "nvlink_latency": 5e-6,     # of a hop
    "network_latency": 12e-6,
}
for argument in sys.argv[1:]:
    name, _, value = argument.partition("=")
    if name not in size or not value:
        sys.exit(f"scaling.py: expected NAME=VALUE with one of {', '.join(size)}, got {argument!r}")
    size[name] = float(value)


def exchange(count, data, speed, latency):
    """Reduce-scatter or all-gather of a buffer between `count` members."""
    return (count - 1) / count * data / speed + math.log2(count) * latency


def seconds(gpus):
    """Compute, gradients, gathering of the embeddings, and the loss on every GPU."""
    s = size
    nodes = gpus / s["node"]
    local = s["videos"] * s["clips"] * s["operations"] * 3 / s["speed"]
    buffer = 4 * s["parameters"]
    gradients = 2 * exchange(s["node"], buffer, s["nvlink"], s["nvlink_latency"])
    embeddings = s["videos"] * gpus * s["vectors"] * s["dimension"] * 4
    gather = exchange(gpus, embeddings, s["nvlink"] if nodes == 1 else s["network"], s["nvlink_latency"] if nodes == 1 else s["network_latency"])
    if nodes > 1:
        gradients += 2 * exchange(nodes, buffer / s["node"], s["network"], s["network_latency"])
    rows = s["videos"] * gpus * s["rows"]
    matrix = 4 * rows * rows
    loss = 3 * 2 * rows * rows * s["dimension"] / s["speed"] + s["passes"] * matrix / s["memory"]
    return local, gradients, gather, loss, matrix


print("| GPUs (videos) | compute | gradients | embeddings | loss on every GPU (its matrix) | by rows | efficiency: every GPU / by rows |")
print("|---|---|---|---|---|---|---|")
for gpus in (8, 64, 512):
    local, gradients, gather, loss, matrix = seconds(gpus)
    # By rows, each GPU computes its own rows, and the gradient of the embeddings is reduce-scattered.
    whole, rows = local / (local + gradients + gather + loss), local / (local + gradients + 2 * gather + loss / gpus)
    print(f"| {gpus} ({gpus * size['videos']:.0f}) | {1e3 * local:.0f} ms | {1e3 * gradients:.2f} ms | {1e3 * gather:.2f} ms "
          f"| {1e3 * loss:.2f} ms ({matrix / 1e9:.2f} GB) | {1e3 * loss / gpus:.2f} ms | {100 * whole:.1f} / {100 * rows:.1f} % |")
