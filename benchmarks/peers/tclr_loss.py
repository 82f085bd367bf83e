"""Times the TCLR loss on PyTorch in the structure of the authors' code: one masked NT-Xent per pair of clip sets and per
video. Written for this comparison; the values are those of Tclr.Losses.TclrLoss.

usage: python3 tclr_loss.py [--out FILE] [--threads N] [--videos 8 40 128 512]
"""
import argparse
import json
import os
import sys
import time

try:
    import torch
    import torch.nn.functional as F
except ImportError:
    print("skipping tclr_loss.py: PyTorch is not installed for", sys.executable)
    sys.exit(0)


def nt_xent(z1, z2, temperature):
    n = z1.shape[0]
    rows = torch.cat([z2, z1], dim=0)
    eye = torch.eye(2 * n)
    mask = (1 - (eye + torch.roll(eye, n, dims=0))).bool()
    similarities = torch.tensordot(rows.unsqueeze(1), rows.t().unsqueeze(0), dims=2)
    positives = torch.cat([similarities.diagonal(n), similarities.diagonal(-n)]).view(2 * n, 1)
    negatives = similarities[mask].view(2 * n, -1)
    logits = torch.cat([positives, negatives], dim=1) / temperature
    return F.cross_entropy(logits, torch.zeros(2 * n, dtype=torch.long), reduction="sum") / (2 * n)


def global_local(slices, locals_, temperature):
    b, t, _ = slices.shape
    similarities = torch.bmm(slices, locals_.transpose(1, 2)) / temperature
    targets = torch.arange(t).repeat(b)
    rows = F.cross_entropy(similarities.reshape(-1, t), targets, reduction="sum")
    columns = F.cross_entropy(similarities.transpose(1, 2).reshape(-1, t), targets, reduction="sum")
    return (rows + columns) / (2 * b)


def tclr(global_, slices, locals_, temperature=0.1):
    versions, b, t, _ = locals_.shape
    total = nt_xent(global_[0], global_[1], temperature)
    clips = [locals_[v, :, k] for v in range(versions) for k in range(t)]
    for i, first in enumerate(clips):
        for j, second in enumerate(clips):
            if i != j:
                total = total + nt_xent(first, second, temperature) / t
    for video in range(b):
        total = total + nt_xent(torch.stack(clips[:t], 1)[video], torch.stack(clips[t:], 1)[video], temperature)
    for v in range(versions):
        for w in range(versions):
            total = total + global_local(slices[v], locals_[w], temperature)
    return total


def unit(*shape):
    return F.normalize(torch.randn(*shape), dim=-1).requires_grad_()


def median_ms(run, seconds=2.0, least=3):
    run()
    times = []
    end = time.perf_counter() + seconds
    while len(times) < least or time.perf_counter() < end:
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1e3)
    return sorted(times)[len(times) // 2]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--out")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--videos", type=int, nargs="+", default=[8, 40, 128, 512])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(1)
    results = {}
    for b in options.videos:
        t, d = 4, 128
        tensors = unit(2, b, d), unit(2, b, t, d), unit(2, b, t, d)

        def forward():
            with torch.no_grad():
                tclr(*tensors)

        def step():
            tclr(*tensors).backward()

        for name, run in (("False", forward), ("True", step)):
            key = f"B={b} T={t} D={d} backward={name}"
            results[key] = median_ms(run)
            print(f"PyTorch {torch.__version__}, {options.threads} threads, {key}: {results[key]:.2f} ms", flush=True)
    if options.out:
        with open(options.out, "w", encoding="utf-8") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
